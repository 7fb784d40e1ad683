"""A message as a page, and which of its files come along."""

import pytest

from appliance.index.reading import letters
from appliance.index.reading.letters import Enclosures
from appliance.records import Page

LETTER = "application/pdf"


@pytest.fixture
def enclosed() -> Enclosures:
    return Enclosures()


def page(enclosed: Enclosures, subject: str = "Ata", body: str = "Segue.") -> Page:
    headers = [("From", "Ana"), ("Cc", " "), ("Date", "hoje")]
    return letters.written("a.eml", 3, subject, headers, body, enclosed)


def test_a_message_is_its_subject_then_who_wrote_it_then_its_words(enclosed: Enclosures) -> None:
    assert page(enclosed).text == "Ata\n\nFrom: Ana\nDate: hoje\n\nSegue."


def test_a_message_without_a_subject_has_no_heading(enclosed: Enclosures) -> None:
    assert page(enclosed, subject="").headings == ()


def test_files_are_named_under_the_headers(enclosed: Enclosures) -> None:
    enclosed.add("ata.pdf", b"x", LETTER, inline=False)
    enclosed.add("anexo.pdf", b"x", LETTER, inline=False)

    assert "\nAnexos: ata.pdf, anexo.pdf\n" in page(enclosed).text


def test_a_file_left_out_is_named_and_noted(enclosed: Enclosures) -> None:
    enclosed.add("vazio.pdf", b"", LETTER, inline=False)

    assert (enclosed.kept, page(enclosed).notes) == ([], (letters.SKIPPED,))
    assert "vazio.pdf" in page(enclosed).text


@pytest.mark.parametrize(
    ("size", "inline", "comes"),
    [
        (10 * 1024 - 1, False, False),
        (10 * 1024, False, True),
        (40 * 1024 - 1, True, False),
        (40 * 1024, True, True),
    ],
)
def test_a_picture_comes_along_from_the_size_of_something_to_read(
    enclosed: Enclosures, size: int, inline: bool, comes: bool
) -> None:
    enclosed.add("foto.png", bytes(size), "image/png", inline=inline)

    assert bool(enclosed.kept) is comes
    assert not enclosed.skipped


def test_a_seal_or_an_invitation_is_not_even_named(enclosed: Enclosures) -> None:
    enclosed.add("smime.p7s", b"x", "application/pkcs7-signature", inline=False)
    enclosed.add("convite.ics", b"x", "text/calendar", inline=False)

    assert (enclosed.names, enclosed.skipped) == ([], False)


def test_the_files_of_all_messages_of_a_mailbox_count_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(letters, "ATTACHED_LIMIT", 10)
    of_file: list[int] = []
    first, second = Enclosures(of_file), Enclosures(of_file)

    first.add("a.pdf", bytes(6), LETTER, inline=False)
    second.add("b.pdf", bytes(6), LETTER, inline=False)

    assert (len(first.kept), len(second.kept), second.skipped) == (1, 0, True)


def test_a_file_left_out_takes_no_room_from_the_next(
    enclosed: Enclosures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "ATTACHED_LIMIT", 10)

    enclosed.add("a.pdf", bytes(11), LETTER, inline=False)
    enclosed.add("b.pdf", bytes(10), LETTER, inline=False)

    assert [one.file_name for one in enclosed.kept] == ["b.pdf"]


def test_a_page_comes_before_the_files_that_it_names(enclosed: Enclosures) -> None:
    enclosed.add("ata.pdf", b"x", LETTER, inline=False)
    first = page(enclosed)

    assert list(letters.each(first, enclosed)) == [first, *enclosed.kept]


def test_a_message_that_shows_nothing_as_a_page_of_the_web_has_no_words() -> None:
    assert letters.of_page(b"<p> </p>", "a.eml") == ""


def test_a_message_in_broken_rtf_has_no_words() -> None:
    assert letters.of_rtf(b"no rtf at all", "a.msg") == ""


def test_a_message_that_lies_about_its_encoding_is_read() -> None:
    assert letters.decoded("Ação".encode("cp1252"), "utf-8") == "Ação"
    assert letters.decoded("Ação".encode(), "no-such-charset") == "Ação"
