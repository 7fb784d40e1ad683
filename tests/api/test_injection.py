"""What people type stays the text they typed, wherever it comes out again (SEC-43)."""

import pytest

from tests.house import House

TEMPLATES = (
    "{{7*7}}", "{{cycler.__init__.__globals__}}", "{0.__class__}", "{settings.data_dir}",
    "%(x)s", "%s%n", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{% raw %}",
)  # fmt: skip
SEARCHES = (
    '"', '""', "'", "a\" OR 1=1 --", "NEAR(", "NEAR(a b, 3)", "col:x", "text:multa", "*", "mult*",
    "'; DROP TABLE people;--", "^multa", "-multa", "(multa", "multa AND", "NOT", "{a b}", "a + b",
    "\\", "%", "_", "multa\x01", "🦉", " ".join(["palavra"] * 600),
)  # fmt: skip


def told(value: object) -> str:
    """Everything that a JSON answer says, as text."""
    return str(value)


@pytest.mark.guarantee("SEC-43")
@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_in_an_assistants_words_is_shown_as_it_was_typed(
    house: House, text: str
) -> None:
    words = {"instructions": text, "greeting": text, "refusal": text, "contact": text}

    made = house.assistant(f"Nome {text}", suggestions=[text], **words)
    answer = house.ask(made["id"], f"Quanto é {text}?")

    shown = house.client.get(f"/api/assistants/{made['id']}").json()
    assert {name: shown[name] for name in words} == words
    assert shown["name"] == f"Nome {text}"
    assert shown["suggestions"] == [text]
    assert answer["state"] == "refused"
    assert "49" not in answer["answer"]
    assert "__globals__" not in answer["answer"].replace(text, "")


@pytest.mark.guarantee("SEC-43")
@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_in_a_prompt_reaches_the_model_as_it_was_typed(
    writing_house: House, text: str
) -> None:
    made = writing_house.assistant(instructions=f"Fale de {text}.")
    writing_house.upload(made["collections"][0], f"A multa {text} é de R$ 2.\n", "a.txt")

    answer = writing_house.ask(made["id"], f"Qual é a multa {text}?")

    assert answer["state"] in ("answered", "refused")
    assert text in answer["passages"][0]["text"]


@pytest.mark.guarantee("SEC-43")
def test_a_search_for_syntax_finds_or_finds_nothing_and_breaks_nothing(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0])

    statuses = {
        text: house.client.post(
            f"/api/assistants/{made['id']}/search", json={"query": text}
        ).status_code
        for text in SEARCHES
    }

    assert {text: status for text, status in statuses.items() if status not in (200, 400)} == {}
    still = house.client.post(f"/api/assistants/{made['id']}/search", json={"query": "multa"})
    assert still.json()["passages"]
    assert house.client.get("/api/people").json()["items"]


@pytest.mark.guarantee("SEC-43")
@pytest.mark.parametrize("text", ["' or 1=1 --", "x' union select token_hash from sessions --"])
@pytest.mark.parametrize(
    "path",
    ["/api/people?cursor=", "/api/audit?cursor=", "/api/jobs?subject=", "/api/jobs?cursor=",
     "/api/conversations?assistant=", "/api/assistants?cursor="],
)  # fmt: skip
def test_a_statement_in_a_parameter_is_a_value(house: House, path: str, text: str) -> None:
    answer = house.client.get(path + text.replace(" ", "%20"))

    assert answer.status_code in (200, 400, 404)
    assert "token_hash" not in answer.text.replace(text, "")
