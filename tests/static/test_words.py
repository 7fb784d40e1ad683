"""The three languages say the same things, and everything said exists."""

import json
import re
from functools import cache

import pytest

from appliance.answering import evidence
from appliance.index import fusion
from tests.static.browserless import STATIC, node_needed, run, sources

KEY = re.compile(r"\bt\(\"([^\"]+)\"")
BUILT = re.compile(r"\bt\(`([a-z]+)\.([^`]*)`")
LANGUAGES = ("pt", "en", "es")
CHAT = ("shared", "shared/parts", "widget")
CONSOLE = [
    str(file.parents[1].relative_to(STATIC))
    for file in sorted(STATIC.glob("console/**/words/pt.js"))
]


@cache  # a thousand phrases ask for them, one by one
def words(language: str, *shelves: str) -> dict[str, str]:
    """The phrases of a language: the chat's and the console's, or of one shelf only."""
    text = "".join(
        (STATIC / shelf / "words" / f"{language}.js").read_text("utf-8")
        for shelf in shelves or (*CHAT, *CONSOLE)
    )
    pairs = re.findall(r'^  ("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*"),$', text, re.MULTILINE)
    return {json.loads(key): json.loads(phrase) for key, phrase in pairs}


def test_each_language_has_every_phrase():
    portuguese = words("pt")

    assert len(portuguese) > 150
    assert [list(words(language)) for language in LANGUAGES] == [list(portuguese)] * 3


def test_a_phrase_has_the_same_holes_and_forms_in_each_language():
    others = [words(language) for language in LANGUAGES]  # each is fourteen files
    for key, phrase in others[0].items():
        for said in others:
            other = said[key]
            assert set(re.findall(r"{\w+}", other)) == set(re.findall(r"{\w+}", phrase)), key
            assert other.count(" | ") == phrase.count(" | "), key


def test_no_phrase_is_empty_or_left_untranslated():
    """Words that are truly the same in two languages are short; sentences never are."""
    for key, phrase in words("pt").items():
        assert all(words(language)[key].strip() for language in LANGUAGES), key
        if len(phrase) > 30 and " | " not in phrase:
            assert len({words(language)[key] for language in LANGUAGES}) == 3, key


def test_one_act_has_one_word_wherever_it_is_offered():
    """Deleted is what was the house's own and is gone; removed is what leaves a list and stays as
    it is elsewhere; erased, at the desk alone, are the data of a person, to the last trace."""
    deleted = ["approved", "documents", "engines", "golden", "groups", "models", "people", "talks"]
    acts = {
        **dict.fromkeys([f"{one}.remove" for one in deleted], ("Excluir", "Delete", "Eliminar")),
        "lot.delete": ("Excluir", "Delete", "Eliminar"),
        "sources.leave": ("Excluir a fonte", "Delete the source", "Eliminar la fuente"),
        "share.removeSite": ("Remover {site}", "Remove {site}", "Quitar {site}"),
        "form.drop": ("Remover", "Remove", "Quitar"),
        "look.remove": ("Remover", "Remove", "Quitar"),
        "desk.erase": ("Apagar", "Erase", "Borrar"),
    }

    assert {act: tuple(words(one)[act] for one in LANGUAGES) for act in acts} == acts


def test_everything_the_interface_says_is_written_down():
    known = words("pt")
    said = {key for source in sources("js") for key in KEY.findall(source.read_text("utf-8"))}
    said.discard("chat.queue")  # the example in the comment of words.js

    assert sorted(said - set(known)) == []


def test_the_chat_never_needs_a_phrase_of_the_console():
    """A visitor loads the shared phrases alone, and the widget's own where there is no chat."""
    ours = [*(STATIC / "shared").rglob("*.js"), *(STATIC / "widget").glob("*.js")]
    said = {key for source in ours for key in KEY.findall(source.read_text("utf-8"))}
    topics = {topic for source in ours for topic, _ in BUILT.findall(source.read_text("utf-8"))}
    held = words("pt", *CHAT)

    assert sorted(said - set(held) - {"chat.queue"}) == []
    assert topics <= {key.split(".")[0] for key in held}
    assert not set(held) & set(words("pt", *CONSOLE))


def test_every_signal_and_fact_of_a_search_has_a_name():
    """The bench draws whatever a search weighs; these are what a person reads there."""
    held = set(words("pt", *CONSOLE))

    assert {f"signal.{name}" for name in fusion.SIGNALS} <= held
    assert {f"fact.{name}" for name in evidence.Facts.__dataclass_fields__} <= held


def test_every_note_of_a_page_has_a_name():
    """The reading report shows why a page was read as it was."""
    reading = STATIC.parent / "appliance" / "index" / "reading"
    texts = "\n".join(source.read_text("utf-8") for source in reading.glob("*.py"))
    given = {
        *re.findall(r'notes=\([^)]*"(\w+)"', texts),
        *re.findall(r'_unread\(scan, "(\w+)"\)', texts),
        *re.findall(r'note = "(\w+)"', texts),
    }

    assert {"no_ocr", "ocr_failed", "poor_scan", "blank", "too_heavy"} <= given
    assert sorted(given - {key.removeprefix("note.") for key in words("pt", "shared/parts")}) == []


def test_nothing_is_written_down_that_nobody_says():
    texts = [source.read_text("utf-8") for source in sources("js")]
    said = {key for text in texts for key in KEY.findall(text)}
    topics = {topic for text in texts for topic, _ in BUILT.findall(text)}
    unsaid = [key for key in words("pt") if key not in said and key.split(".")[0] not in topics]

    assert unsaid == []


@node_needed
@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 páginas"), (1, "1 página"), (2, "2 páginas"), (1200, "1.200 páginas")],
)
def test_a_count_chooses_its_form_and_is_written_as_the_reader_writes_it(count: int, said: str):
    script = f"""
      globalThis.document = {{ documentElement: {{}} }};
      const {{ alsoSay, speak, t }} = await import("{STATIC}/shared/words.js");
      alsoSay((chosen) => import(`{STATIC}/console/words/${{chosen}}.js`));
      await speak("pt");
      give(t("documents.pages", {{ count: {count} }}));
    """

    assert run(script) == said
