"""Which document is meant by a question for a summary, and which questions are none."""

import pytest

from appliance import assistants
from appliance.answering import summaries
from tests.house import House


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Resuma o documento “Contrato social”", "contrato social"),
        ("resuma o contrato social.", "contrato social"),
        ("Por favor, resuma para mim o regimento interno", "regimento interno"),
        ("Faça um resumo do regimento interno", "regimento interno"),
        ("me faça um resumo do anexo", ""),
        ("Resumo da ata de março", "ata de marco"),
        ("Resuma o arquivo anexado", ""),
        ("Quero um resumo do arquivo chamado Ata 12", "ata 12"),
        ("Summarize the handbook", "handbook"),
        ("Can you summarise the attached?", "attached"),
        ("Give me a summary of the document “House rules”", "house rules"),
        ("Resume el documento “Reglamento”", "reglamento"),
        ("Haz un resumen del reglamento", "reglamento"),
    ],
)
def test_what_a_question_calls_the_document(question: str, name: str) -> None:
    assert summaries.name_in(question) == name


@pytest.mark.parametrize(
    "question",
    [
        "Qual é a multa por atraso?",
        "Onde entrego o resumo do trabalho?",
        "O que diz o contrato social?",
        "Quem resume o contrato?",
        "Resumindo: qual é o prazo?",
        "What is a summary judgment?",
        "resuma " + "o contrato " * 60,
        "",
    ],
)
def test_other_questions_are_for_the_documents(question: str) -> None:
    assert summaries.name_in(question) is None


def asked(house: House, assistant: dict[str, object], question: str) -> summaries.Meant:
    found = assistants.get(house.parts.database, str(assistant["id"]))
    return summaries.meant(house.parts.database, found, question, None)


def test_the_document_is_found_by_a_part_of_its_name(house: House) -> None:
    made = house.assistant()
    document = house.upload(made["collections"][0], name="regimento_interno_2026.md")

    meant = asked(house, made, "Resuma o regimento")

    assert meant.document is not None
    assert meant.document.id == document["id"]
    assert meant.reply is None


def test_of_several_the_one_that_is_called_exactly_so_is_meant(house: House) -> None:
    made = house.assistant()
    document = house.upload(made["collections"][0], name="regimento.md")
    house.upload(made["collections"][0], "# Outro\n\nTexto do outro.", "regimento antigo.md")

    meant = asked(house, made, "Resuma o regimento")

    assert meant.document is not None
    assert meant.document.id == document["id"]


def test_where_several_are_called_so_they_are_offered(house: House) -> None:
    made = house.assistant()
    for year in (2025, 2026):
        house.upload(made["collections"][0], f"# Ata\n\nAta de {year}.", f"ata {year}.md")

    meant = asked(house, made, "Resuma a ata")

    assert meant.document is None
    assert meant.reply is not None
    assert sorted(meant.reply.offers) == [
        "Resuma o documento “Ata 2025”",
        "Resuma o documento “Ata 2026”",
    ]
    for offer in meant.reply.offers:
        assert asked(house, made, offer).document is not None


def test_one_that_nobody_has_is_left_to_the_documents(house: House) -> None:
    made = house.assistant()
    house.upload(made["collections"][0])

    assert asked(house, made, "Resuma o contrato social") == summaries.Meant()
    assert asked(house, made, "Resuma o anexo") == summaries.Meant()


def test_a_document_of_another_assistant_is_not_named(house: House) -> None:
    made, other = house.assistant(), house.assistant("Diretoria")
    house.upload(other["collections"][0], name="fusao secreta.md")

    assert asked(house, made, "Resuma a fusão secreta") == summaries.Meant()


def test_what_is_out_of_force_is_not_summarised(house: House) -> None:
    made = house.assistant()
    document = house.upload(made["collections"][0])
    house.client.patch(f"/api/documents/{document['id']}", json={"valid_to": "2001-01-01"})

    assert asked(house, made, "Resuma o regimento") == summaries.Meant()
