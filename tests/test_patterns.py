"""No text, pattern or header makes the search for a pattern take seconds (SEC-45).

Counted is this process's own processor time; each takes a small part of the two seconds
that the promise gives it, so that a busy machine changes nothing.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from appliance.answering import following, indexing, quoting, statements, values
from appliance.api import problems
from appliance.index import identifiers, keywords, structure
from appliance.index.reading import encodings, kinds
from appliance.index.sentences import sentences, windows
from appliance.index.splitting import MOST as MOST_CHUNK
from appliance.index.splitting import split
from appliance.records import Page
from tests.house import House

MOST = 2.0  # seconds of the processor, as promised
LONG = 30_000
TEXTS = {
    "a's and a mark": "a" * LONG + "!",
    "blanks and a letter": " " * LONG + "x",
    "dashes": "-" * LONG,
    "dots": "." * LONG,
    "digits": "1" * LONG,
    "digits and dots": "1." * (LONG // 2),
    "capitals": "A" * LONG,
    "capitals and blanks": "A " * (LONG // 2),
    "ordinals": "º" * LONG,
    "empty lines": "\n \n" * (LONG // 3),
    "articles": "Art. 1º " * (LONG // 8),
    "brackets": "(" * LONG,
    "marks of Markdown": "*_" * (LONG // 2),
    "quotes": "“" * LONG,
    "accents that combine": "a" + "\u0301" * LONG,
}
QUESTION = 20_000  # the longest that a setting lets in


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor that ``work`` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.guarantee("SEC-45")
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_one_thing_alone_is_prepared_like_any_other(name: str) -> None:
    text = TEXTS[name]
    pages = [Page(number=1, how="digital", text=text)]

    assert spent(lambda: structure.outline(pages)) < MOST
    assert spent(lambda: split(pages, paged=True)) < MOST
    assert spent(lambda: sentences(text)) < MOST
    assert spent(lambda: windows(text)) < MOST
    assert spent(lambda: keywords.detect(text)) < MOST
    for chunk in split(pages, paged=True)[:3]:
        assert spent(partial(indexing.prepared, "T", chunk, "pt")) < MOST


@pytest.mark.guarantee("SEC-45")
@pytest.mark.parametrize("name", TEXTS)
def test_a_question_of_one_thing_alone_is_understood_like_any_other(name: str) -> None:
    asked = TEXTS[name][:QUESTION]

    assert spent(lambda: keywords.Question(asked, "pt").variants()) < MOST
    assert spent(lambda: identifiers.things(asked)) < MOST
    assert spent(lambda: quoting.kind_of(asked)) < MOST
    turn = following.Turn("Qual é a multa por atraso na biblioteca?")
    assert spent(lambda: following.followed(asked, [turn], "pt")) < MOST
    assert (
        spent(lambda: following.followed("E a da oficina?", [following.Turn(asked)], "pt")) < MOST
    )


@pytest.mark.guarantee("SEC-45")
@pytest.mark.parametrize("name", TEXTS)
def test_a_sentence_of_one_thing_alone_is_checked_like_any_other(name: str) -> None:
    """As long as a chunk can be, and a model's sentence with it."""
    said = TEXTS[name][:MOST_CHUNK]

    assert spent(lambda: values.values(said, "pt")) < MOST
    assert spent(lambda: statements.read(said, "pt")) < MOST


@pytest.mark.guarantee("SEC-45")
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_of_one_thing_alone_is_recognised_and_decoded(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text(TEXTS[name], "utf-8")

    def recognised() -> None:
        kinds.recognise(path, "a.txt")

    if TEXTS[name].strip():
        assert spent(recognised) < MOST
    assert spent(lambda: encodings.decode(path.read_bytes())) < MOST


@pytest.mark.guarantee("SEC-45")
def test_a_header_of_a_hundred_kilobytes_is_read_like_any_other(house: House) -> None:
    names = ("accept-language", "user-agent", "cookie", "range", "accept")
    long = ("pt-" * 33_000, "a" * 100_000, "q=0.1;" * 17_000, "pt,en;q=0.1," * 8_000)
    for header in ({name: value} for name in names for value in long):
        took = spent(partial(house.client.get, "/api/system", headers=header))

        assert took < MOST


@pytest.mark.guarantee("SEC-45")
def test_a_wish_for_languages_without_end_is_read_once() -> None:
    assert spent(lambda: problems.accepted_language("pt-br;q=0.5," * 10_000)) < MOST
