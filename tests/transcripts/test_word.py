"""A conversation as a DOCX file: opened by python-docx, its footnotes read as Word reads them."""

import io
import zipfile

import docx
import pytest
from lxml import etree

from appliance.records import Answer, DocumentName, Newer, Unread
from appliance.transcripts import Transcript, as_docx
from tests.transcripts.told import NASTY, answer, citation, transcript

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(made: Transcript, language: str = "pt") -> "docx.document.Document":
    return docx.Document(io.BytesIO(as_docx(made, language)))  # type: ignore[arg-type]


def texts(document: "docx.document.Document") -> list[str]:
    return [one.text for one in document.paragraphs]


def notes(document: "docx.document.Document") -> dict[str, str]:
    """What the footnotes say, by their ids."""
    (part,) = (rel.target_part for rel in document.part.rels.values() if "footnotes" in rel.reltype)
    root = etree.fromstring(part.blob)
    return {
        one.get(f"{W}id"): "".join(one.itertext()).strip()
        for one in root.iter(f"{W}footnote")
        if one.get(f"{W}type") is None
    }


def referred(document: "docx.document.Document") -> list[str]:
    """The ids of the footnotes that the text refers to, in order."""
    return [one.get(f"{W}id") for one in document.element.iter(f"{W}footnoteReference")]


def test_each_sentence_has_footnotes_with_title_place_page_and_lines() -> None:
    document = opened(transcript(answer()))

    assert notes(document) == {
        "1": "Regimento interno, p. 3: “linha citada 1”",
        "2": "Regimento interno, Art. 7º, p. 3: “linha citada 2”",
        "3": "Regimento interno, p. 3: “linha citada 1”",
    }
    assert referred(document) == ["1", "2", "3"]


def test_questions_are_headings_and_two_numbers_do_not_run_into_one() -> None:
    document = opened(transcript(answer()))

    heading = next(one for one in document.paragraphs if one.text == "Quando entrego?")
    assert heading.style.name == "Heading 2"
    said = next(one for one in document.paragraphs if one.text.startswith("Entregue"))
    assert said.text.startswith("Entregue até o dia 5., A multa é alta.")
    (comma,) = (run for run in said.runs if run.text == ",")
    assert comma.style.name == "footnote reference"
    assert comma.style.font.superscript


def test_what_is_not_confirmed_stays_marked() -> None:
    document = opened(transcript(answer()))

    (doubtful,) = (
        run for one in document.paragraphs for run in one.runs if run.underline is not None
    )
    assert doubtful.text == "A multa é alta."
    assert "[não confirmado nos documentos]" in "\n".join(texts(document))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("pt", "Conversa com o assistente Secretaria, tirada deste servidor em 01/03/2026"),
        ("en", "Conversation with the assistant Secretaria, taken from this server on 2026-03-01"),
        ("es", "Conversación con el asistente Secretaria, sacada de este servidor el 01/03/2026"),
    ],
)
def test_it_speaks_the_reader_s_language(language: str, told: str) -> None:
    document = opened(transcript(None), language)

    assert texts(document)[1].startswith(told)
    spoken = document.styles.element.find(f".//{W}rPrDefault//{W}lang")
    assert spoken.get(f"{W}val").startswith(language)


def test_a_question_without_an_answer_says_so() -> None:
    assert any("ficou sem resposta" in one for one in texts(opened(transcript(None))))


def test_what_has_to_be_known_beside_an_answer_is_taken_along() -> None:
    old, new = DocumentName(id="o", title="Edital 1"), DocumentName(id="n", title="Edital 2")
    told = answer(
        state="stopped", as_of="2024-05-01", note="A soma não foi feita.", left_building=True,
        unread=(Unread(document=old, pages=(4, 5)),),
        newer=(Newer(document=old, newer=new, valid_from=None),),
    )  # fmt: skip
    said = "\n".join(texts(opened(transcript(told))))

    for words in ("interrompida", "2024-05-01", "A soma não foi feita.", "4, 5", "Edital 2"):
        assert words in said


def test_whose_it_was_is_told_where_it_was_another_s() -> None:
    assert texts(opened(transcript(owner="Bia")))[1].startswith("Conversa de Bia com")


@pytest.mark.guarantee("SEC-13")
def test_hostile_text_comes_in_as_text_alone() -> None:
    cited = citation(1, document=DocumentName(id="d", title=NASTY), quote=NASTY)
    told = answer(NASTY, sentences=(), citations=(cited,))
    made = transcript(told, answer(citations=(cited,)), title=NASTY, assistant=NASTY)
    content = as_docx(made, "pt")
    document = docx.Document(io.BytesIO(content))

    shown = NASTY.rstrip("\x00\x0b")
    assert texts(document)[0] == shown
    assert shown in texts(document)
    assert notes(document)["1"].startswith(shown)
    package = zipfile.ZipFile(io.BytesIO(content))
    assert not [one for one in package.namelist() if one.endswith(("vbaProject.bin", ".js"))]
    everything = b"".join(
        package.read(one) for one in package.namelist() if one.endswith((".xml", ".rels"))
    )
    for active in (b"w:hyperlink ", b"w:instrText", b"w:fldSimple", b'TargetMode="External"'):
        assert active not in everything


def test_the_file_tells_nothing_of_what_made_it() -> None:
    about = opened(transcript(answer())).core_properties

    assert (about.title, about.author, about.comments) == ("Quando?", "Secretaria", "")


def test_a_long_conversation_keeps_every_footnote() -> None:
    many: list[Answer] = [answer()] * 200
    document = opened(transcript(*many))

    assert referred(document) == [str(one) for one in range(1, 601)]
    assert len(notes(document)) == 600
