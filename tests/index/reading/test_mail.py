"""Messages and mailboxes: their words, who wrote them, and the files they carry."""

import base64
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import child, kinds, letters, mail
from appliance.index.reading.wire import Attachment, Outline
from appliance.records import Page
from tests.index.reading import papers

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60_000)


def letter(subject: str = "Horário da secretaria", body: str = "Das 7h30 às 17h.") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Secretaria Geral <secretaria@escola.example>"
    message["To"] = "Ana <ana@escola.example>"
    message["Cc"] = "Bia <bia@escola.example>"
    message["Date"] = "Mon, 02 Mar 2026 08:15:00 -0300"
    message["Subject"] = subject
    message.set_content(body)
    return message


def found(path: Path) -> tuple[Outline, list[Page], list[Attachment]]:
    """Everything that is found in a file."""
    with path.open("rb") as file:
        first, *rest = mail.read(file, path.name)
    assert isinstance(first, Outline)
    return (
        first,
        [one for one in rest if isinstance(one, Page)],
        [one for one in rest if isinstance(one, Attachment)],
    )


def raw(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Page:
    """The page of a message written by hand."""
    path = papers.saved(tmp_path, "a.eml", "\r\n".join(lines).encode(encoding))
    with path.open("rb") as file:
        _, page, *_ = mail.read(file, path.name)
    assert isinstance(page, Page)
    return page


def names(tmp_path: Path, message: EmailMessage) -> list[str]:
    _, _, attached = found(papers.saved(tmp_path, "a.eml", message.as_bytes()))
    return [one.file_name for one in attached]


def test_a_message_is_its_subject_its_headers_and_its_words(tmp_path: Path) -> None:
    outline, (page,), attached = found(papers.saved(tmp_path, "a.eml", letter().as_bytes()))

    assert outline == Outline(pages=1, title="Horário da secretaria", paged=False)
    assert page.text == (
        "Horário da secretaria\n\n"
        "From: Secretaria Geral <secretaria@escola.example>\n"
        "To: Ana <ana@escola.example>\n"
        "Cc: Bia <bia@escola.example>\n"
        "Date: Mon, 02 Mar 2026 08:15:00 -0300\n\n"
        "Das 7h30 às 17h."
    )
    assert [heading.title for heading in page.headings] == ["Horário da secretaria"]
    assert attached == []


def test_the_plain_form_is_preferred_to_the_page(tmp_path: Path) -> None:
    message = letter(body="O texto simples.")
    message.add_alternative("<p>A página.</p>", subtype="html")

    _, (page,), _ = found(papers.saved(tmp_path, "a.eml", message.as_bytes()))

    assert "O texto simples." in page.text
    assert "A página." not in page.text


def test_a_message_that_is_only_a_page_is_read_as_one(tmp_path: Path) -> None:
    message = letter(body=" ")
    message.add_alternative(
        "<style>p{}</style><p>Multa: <b>R$ 1,50</b></p><script>x()</script>", subtype="html"
    )

    _, (page,), _ = found(papers.saved(tmp_path, "a.eml", message.as_bytes()))

    assert page.text.endswith("\n\nMulta: R$ 1,50")


def test_what_was_written_before_stays_as_it_was_quoted(tmp_path: Path) -> None:
    page = raw(tmp_path, "Subject: Re: Prazo", "", "Até sexta.", "", "Em 2/3 Ana escreveu:", "> E?")

    assert page.text == "Re: Prazo\n\nAté sexta.\n\nEm 2/3 Ana escreveu:\n> E?"


def test_files_come_after_their_page_and_are_named_on_it(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Ata.pdf")
    message.add_attachment("linha;valor", filename="março.csv")

    _, (page,), attached = found(papers.saved(tmp_path, "a.eml", message.as_bytes()))

    assert "Anexos: Ata.pdf, março.csv" in page.text
    assert [(one.file_name, one.content.strip()) for one in attached] == [
        ("Ata.pdf", b"%PDF-1.7"),
        ("março.csv", b"linha;valor"),
    ]


def test_a_message_within_the_message_is_a_file_of_its_own(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(letter("Encaminhada", "O que veio antes."))

    _, (page,), (inner,) = found(papers.saved(tmp_path, "a.eml", message.as_bytes()))

    assert "O que veio antes." not in page.text
    assert inner.file_name == "Encaminhada.eml"
    _, (within,), _ = found(papers.saved(tmp_path, "b.eml", inner.content))
    assert "O que veio antes." in within.text


def test_tiny_pictures_and_signatures_are_no_attachments(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(PICTURE[:900], maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(b"0\x80", maintype="application", subtype="pkcs7-signature")

    assert names(tmp_path, message) == []


@pytest.mark.parametrize(
    ("size", "kept"), [(30_000, []), (60_000, ["foto.png"])], ids=["a banner", "a photograph"]
)
def test_a_picture_shown_in_the_text_has_to_be_large_to_be_kept(
    tmp_path: Path, size: int, kept: list[str]
) -> None:
    message = letter()
    message.add_attachment(
        PICTURE[:size], maintype="image", subtype="png", filename="foto.png", cid="<foto@x>"
    )

    assert names(tmp_path, message) == kept


def test_a_file_without_a_name_is_named_after_its_kind(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf")

    assert names(tmp_path, message) == ["anexo.pdf"]


def test_more_files_than_a_message_may_carry_are_left_out_and_noted(tmp_path: Path) -> None:
    message = letter()
    for number in range(letters.ATTACHMENTS + 1):
        message.add_attachment(f"Número {number}", filename=f"{number}.txt")

    _, (page,), attached = found(papers.saved(tmp_path, "a.eml", message.as_bytes()))

    assert len(attached) == letters.ATTACHMENTS
    assert page.notes == (letters.SKIPPED,)


def test_a_file_that_is_too_large_or_empty_is_named_and_noted() -> None:
    enclosed = letters.Enclosures()

    enclosed.add("grande.bin", bytes(letters.ATTACHMENT_LIMIT + 1), "", inline=False)
    assert enclosed.skipped
    enclosed.add("vazio.doc", b"", "application/msword", inline=False)

    assert enclosed.names == ["grande.bin", "vazio.doc"]
    assert enclosed.kept == []


def test_the_files_of_a_whole_mailbox_have_a_limit_too() -> None:
    counted = [letters.ATTACHED_LIMIT - 10]
    enclosed = letters.Enclosures(counted)

    enclosed.add("a.txt", b"cinco", "text/plain", inline=False)
    enclosed.add("b.txt", b"mais do que cabe", "text/plain", inline=False)

    assert [one.file_name for one in enclosed.kept] == ["a.txt"]
    assert enclosed.skipped


def test_a_mailbox_is_a_page_for_each_message(tmp_path: Path) -> None:
    box = b""
    for number in (1, 2, 3):
        box += b"From ana@escola.example Mon Mar  2 08:15:00 2026\n"
        message = letter(f"Aviso {number}", f"Texto do aviso {number}.\n\nFrom aqui segue o texto.")
        message.add_attachment(f"Anexo do aviso {number}.", filename=f"a{number}.txt")
        box += message.as_bytes() + b"\n"
    path = papers.saved(tmp_path, "caixa.mbox", box)

    outline, pages, attached = found(path)

    assert outline == Outline(pages=3, title=None, paged=False)
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.headings[0].title for page in pages] == ["Aviso 1", "Aviso 2", "Aviso 3"]
    assert all("From aqui segue o texto." in page.text for page in pages)
    assert [one.file_name for one in attached] == ["a1.txt", "a2.txt", "a3.txt"]


def test_one_message_under_a_mailboxs_first_line_is_a_message(tmp_path: Path) -> None:
    line = b"From ana@escola.example Mon Mar  2 08:15:00 2026\n"
    path = papers.saved(tmp_path, "a.eml", line + letter().as_bytes())

    outline, _, _ = found(path)

    assert outline.title == "Horário da secretaria"


def test_a_message_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.eml", "Subject: ---\r\n\r\n...\r\n")

    with pytest.raises(Unreadable) as refusal:
        found(path)

    assert refusal.value.code == "no_words"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?B?QcOnw6Nv?=", "Ação"),
        ("=?iso-8859-1?Q?A=E7=E3o_direta?=", "Ação direta"),
        ("=?utf-8?Q?A=C3?= =?utf-8?Q?=A7o?=", "Aço"),
        ("Re: =?utf-8?Q?A=C3=A7=C3=A3o?= e mais", "Re: Ação e mais"),
        ("=?NONE?B?VEVTVA=?=", "TEST"),
        ("=?utf-8?B?isto não é base64!?=", None),
        ("=?x-unknown?Q?texto?=", "texto"),
        ("A secretaria avisa: ação", "A secretaria avisa: ação"),
    ],
)
def test_subjects_are_decoded_however_they_were_written(
    tmp_path: Path, written: str, read: str | None
) -> None:
    page = raw(tmp_path, f"Subject: {written}", "", "Texto.")

    title = page.headings[0].title if page.headings else ""
    assert title == read if read else "base64" not in title or title


def test_a_subject_in_bare_latin_1_is_read_too(tmp_path: Path) -> None:
    page = raw(tmp_path, "Subject: Ação de março", "", "Prazo até março.", encoding="cp1252")

    assert page.text == "Ação de março\n\nPrazo até março."


def test_a_body_that_lies_about_its_charset_is_read_as_it_is(tmp_path: Path) -> None:
    page = raw(
        tmp_path, "Subject: A", "Content-Type: text/plain; charset=us-ascii", "", "Ação: 7º ano"
    )

    assert page.text == "A\n\nAção: 7º ano"


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed",
        'multipart/mixed; boundary="nunca"',
        "multipart/mixed; boundary=----=_Parte 1",
        "text/plain; charset=",
        "text/plain; charset==?utf-8?Q?x?=",
        ";;;",
        "text/plain\r\nContent-Transfer-Encoding: x-desconhecida",
        "text",
    ],
)
def test_broken_types_and_boundaries_still_give_the_words(
    tmp_path: Path, content_type: str
) -> None:
    page = raw(tmp_path, "Subject: A", f"Content-Type: {content_type}", "", "A multa é de R$ 2.")

    assert "A multa é de R$ 2." in page.text


def test_a_message_cut_off_in_the_middle_of_a_file_keeps_its_words(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"x" * 5000, maintype="application", subtype="pdf", filename="a.pdf")
    whole = message.as_bytes()

    _, (page,), _ = found(papers.saved(tmp_path, "a.eml", whole[:-3000]))

    assert "Das 7h30 às 17h." in page.text


def test_lines_broken_only_to_travel_are_joined(tmp_path: Path) -> None:
    page = raw(
        tmp_path,
        "Subject: A",
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        "",
        "A frase continua ",
        "na linha de baixo.",
        "> citada ",
        "-- ",
        "Ana",
    )

    assert page.text == "A\n\nA frase continua na linha de baixo.\n> citada\n--\nAna"


def test_a_file_written_into_the_text_by_an_old_program_is_taken_out(tmp_path: Path) -> None:
    lines = ["begin 644 ata.txt", "#0V%T", "`", "end"]
    path = papers.saved(
        tmp_path, "a.eml", "\r\n".join(["Subject: A", "", "Segue a ata.", *lines, "Abraços."])
    )

    _, (page,), (attached,) = found(path)

    assert attached == Attachment(file_name="ata.txt", content=b"Cat")
    assert "begin 644" not in page.text
    assert page.text.endswith("Abraços.")


def test_a_message_saved_in_utf_16_is_read(tmp_path: Path) -> None:
    page = raw(tmp_path, "Subject: Ação", "", "Texto da ação.", encoding="utf-16")

    assert page.text == "Ação\n\nTexto da ação."


def test_parts_within_parts_without_end_do_not_end_the_reader(tmp_path: Path) -> None:
    lines = ["Subject: A"]
    for depth in range(200):
        lines += [f"Content-Type: multipart/mixed; boundary=b{depth}", "", f"--b{depth}"]
    path = papers.saved(tmp_path, "a.eml", "\r\n".join([*lines, "", "Fundo."]))

    _, (page,), _ = found(path)

    assert page.text == "A"


def test_a_subject_and_a_list_of_people_have_their_ends(tmp_path: Path) -> None:
    people = ", ".join(f"pessoa{number}@escola.example" for number in range(1000))

    page = raw(tmp_path, f"Subject: {'a' * 5000}", f"To: {people}", "", "Texto.")

    assert len(page.text) < 2500
    assert page.text.endswith("…\n\nTexto.")


def test_a_thousand_beginnings_of_a_file_take_no_longer_than_the_text(tmp_path: Path) -> None:
    begun = time.monotonic()

    page = raw(tmp_path, "Subject: A", "", *["begin 644 x", "linha"] * 50_000)

    assert page.text.count("begin 644 x") == 50_000
    assert time.monotonic() - begun < 10


def test_a_report_to_machines_is_not_part_of_the_words(tmp_path: Path) -> None:
    page = raw(
        tmp_path,
        "Subject: Não entregue",
        "Content-Type: multipart/report; boundary=b",
        "",
        "--b",
        "",
        "A mensagem não foi entregue.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "--b--",
    )

    assert page.text == "Não entregue\n\nA mensagem não foi entregue."


def test_the_confined_reader_gives_the_same(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf")
    path = papers.saved(tmp_path, "a.eml", message.as_bytes())
    kind = kinds.recognise(path, path.name)

    read = list(child.read(path, kind, name=path.name, memory_mb=1024, seconds=60))

    with path.open("rb") as file:
        assert read == list(mail.read(file, path.name))
    assert isinstance(read[-1], Attachment)


def test_a_script_in_a_message_is_never_text(tmp_path: Path) -> None:
    markup = base64.b64encode(b"<p>Bom dia</p><script>fetch('/canary')</script>").decode()
    page = raw(
        tmp_path,
        "Subject: A",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        markup,
    )

    assert page.text == "A\n\nBom dia"
