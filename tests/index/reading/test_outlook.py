"""Outlook's messages: the properties that hold their words, people and files."""

import struct
from pathlib import Path

import pytest
from oxmsg.storage import Storage, Stream

from appliance.errors import Unreadable
from appliance.index.reading import outlook
from appliance.index.reading.outlook import letter
from appliance.index.reading.wire import Attachment, Outline
from appliance.records import Page
from tests.index.reading import papers, test_mail, test_packed_rtf

SENT = 134_169_237_000_000_000  # 2026-03-02 11:15 UTC, in tenths of microseconds since 1601


def text(property_id: int, value: str) -> Stream:
    return Stream(f"__substg1.0_{property_id:04X}001F", value.encode("utf-16-le"))


def narrow(property_id: int, value: bytes) -> Stream:
    return Stream(f"__substg1.0_{property_id:04X}001E", value)


def data(property_id: int, value: bytes) -> Stream:
    return Stream(f"__substg1.0_{property_id:04X}0102", value)


def table(head: int, **fixed: int) -> Stream:
    rows = b"".join(
        struct.pack("<HHIQ", 3, int(name[1:], 16), 0, value) for name, value in fixed.items()
    )
    return Stream("__properties_version1.0", bytes(head) + rows)


def storage(path: str, *held: Stream | Storage) -> Storage:
    return Storage(
        path,
        tuple(one for one in held if isinstance(one, Stream)),
        tuple(one for one in held if isinstance(one, Storage)),
    )


def person(number: int, name: str, address: str, kind: int) -> Storage:
    return storage(
        f"__recip_version1.0_#{number:08X}",
        table(8, x0C15=kind),
        text(0x3001, name),
        text(0x39FE, address),
    )


def attached(number: int, *held: Stream | Storage) -> Storage:
    return storage(f"__attach_version1.0_#{number:08X}", table(8), *held)


def message(*more: Stream | Storage, head: int = 32, path: str = "") -> Storage:
    return storage(
        path,
        table(head, x0039=SENT),
        text(0x0037, "Horário"),
        text(0x0C1A, "Secretaria"),
        text(0x5D01, "secretaria@escola.example"),
        text(0x1000, "Das 7h30 às 17h."),
        *more,
    )


def read(made: Storage) -> tuple[Page, list[Attachment]]:
    outline, page, *files = letter(made, "a.msg")
    assert isinstance(outline, Outline)
    assert isinstance(page, Page)
    return page, [one for one in files if isinstance(one, Attachment)]


def test_a_message_is_its_subject_its_headers_and_its_words() -> None:
    page, files = read(
        message(person(0, "Ana", "ana@escola.example", 1), person(1, "Bia", "bia@x.example", 2))
    )

    assert page.text == (
        "Horário\n\n"
        "From: Secretaria <secretaria@escola.example>\n"
        "To: Ana <ana@escola.example>\n"
        "Cc: Bia <bia@x.example>\n"
        "Date: 2026-03-02 11:15 UTC\n\n"
        "Das 7h30 às 17h."
    )
    assert files == []


def test_the_title_is_the_subject() -> None:
    outline, *_ = letter(message(), "a.msg")

    assert outline == Outline(pages=1, title="Horário", paged=False)


def test_people_are_named_from_the_lists_where_nobody_is_described() -> None:
    page, _ = read(message(text(0x0E04, "Ana; Caio"), text(0x0E03, "Bia")))

    assert "To: Ana; Caio\nCc: Bia" in page.text


def test_an_address_that_means_something_only_inside_is_left_out() -> None:
    page, _ = read(message(person(0, "Ana", "/O=ESCOLA/OU=X/CN=ANA", 1)))

    assert "To: Ana\n" in page.text


def test_eight_bit_text_is_read_in_its_code_page() -> None:
    made = storage("", table(32, x3FFD=1251), narrow(0x0037, "Привет".encode("cp1251")))

    page, _ = read(made)

    assert page.text == "Привет"


def test_a_message_that_is_only_a_page_is_read_as_one() -> None:
    made = storage(
        "",
        table(32),
        text(0x0037, "A"),
        data(0x1013, b"<p>Multa: <b>R$ 2</b></p><script>x</script>"),
    )

    page, _ = read(made)

    assert page.text == "A\n\nMulta: R$ 2"


def test_a_message_that_is_only_rtf_is_read_as_that() -> None:
    packed = test_packed_rtf.HELLO

    page, _ = read(storage("", table(32), text(0x0037, "A"), data(0x1009, packed)))
    broken, _ = read(storage("", table(32), text(0x0037, "A"), data(0x1009, b"x" * 40)))

    assert page.text == "A\n\nhello world"
    assert broken.text == "A"


def test_files_are_taken_with_their_long_names() -> None:
    page, files = read(
        message(
            attached(0, text(0x3707, "Ata de março.pdf"), data(0x3701, b"%PDF-1.7")),
            attached(1, text(0x3704, "TABELA~1.XLS"), data(0x3701, b"x")),
        )
    )

    assert [one.file_name for one in files] == ["Ata de março.pdf", "TABELA~1.XLS"]
    assert "Anexos: Ata de março.pdf, TABELA~1.XLS" in page.text


def test_a_signatures_picture_is_no_attachment() -> None:
    picture = attached(
        0,
        text(0x3707, "logo.png"),
        text(0x370E, "image/png"),
        text(0x3712, "logo@x"),
        data(0x3701, bytes(20_000)),
    )

    _, files = read(message(picture))

    assert files == []


def test_a_message_within_the_message_becomes_one_that_every_program_opens(tmp_path: Path) -> None:
    within = message(
        person(0, "Ana", "ana@escola.example", 1),
        attached(0, text(0x3707, "tabela.txt"), data(0x3701, b"Tabela de dentro.")),
        data(0x1013, b"<p>Das 7h30</p>"),
        head=24,
        path="__attach_version1.0_#00000000/__substg1.0_3701000D",
    )

    _, (inner,) = read(message(attached(0, within)))

    assert inner.file_name == "Horário.eml"
    _, (inside,), (file,) = test_mail.found(papers.saved(tmp_path, "b.eml", inner.content))
    assert inside.headings[0].title == "Horário"
    assert "To: Ana <ana@escola.example>" in inside.text
    assert "Das 7h30 às 17h." in inside.text
    assert file.content == b"Tabela de dentro."


def test_an_object_of_another_program_is_not_taken_for_a_message() -> None:
    thing = storage("__attach_version1.0_#00000000/__substg1.0_3701000D", Stream("Package", b"x"))

    page, files = read(message(attached(0, text(0x3707, "desenho"), thing)))

    assert files == []
    assert page.notes == ("attachment_skipped",)


def test_a_message_without_words_says_so() -> None:
    with pytest.raises(Unreadable) as refusal:
        list(letter(storage("", table(32)), "a.msg"))

    assert refusal.value.code == "no_words"


def test_a_broken_container_is_damaged(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.msg", papers.ole("__properties_version1.0"))

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        list(outlook.read(file, "a.msg"))

    assert refusal.value.code == "damaged"


def test_a_time_beyond_all_calendars_is_left_out() -> None:
    page, _ = read(storage("", table(32, x0039=2**64 - 1), text(0x0037, "A")))

    assert page.text == "A"
