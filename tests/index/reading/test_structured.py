"""JSON and XML: each record a paragraph, so that a passage holds it whole."""

import io
import json

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import structured
from appliance.records import Page


def text(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    _, page = structured.read(io.BytesIO(data), "a")
    assert isinstance(page, Page)
    return page.text


def refusal_of(content: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        list(structured.read(io.BytesIO(content), "a"))
    return refusal.value


def test_each_record_is_a_paragraph_under_its_place() -> None:
    school = {
        "escola": "Horizonte",
        "alunos": [
            {"nome": "Ana", "turma": "B", "notas": [8.5, 9]},
            {"nome": "Zé", "turma": "A", "bolsa": None, "ativo": True},
        ],
    }

    assert text(json.dumps(school)) == (
        "escola: Horizonte\n\n"
        "alunos[1]\nnome: Ana\nturma: B\nnotas: 8.5, 9\n\n"
        "alunos[2]\nnome: Zé\nturma: A\nativo: true"
    )


def test_a_small_record_within_stays_with_the_one_around_it() -> None:
    assert text('{"nome":"Ana","endereco":{"rua":"Rua A","n":12}}') == (
        "nome: Ana\nendereco.rua: Rua A\nendereco.n: 12"
    )


def test_a_large_record_within_comes_after_under_its_place() -> None:
    assert text('{"a":{"b":[{"c":1}],"d":2},"e":3}') == "e: 3\n\na\nd: 2\n\na.b[1]\nc: 1"


def test_numbers_keep_the_digits_that_the_file_has() -> None:
    assert text('[{"preco":1.50,"conta":12345678901234567890,"x":NaN}]') == (
        "[1]\npreco: 1.50\nconta: 12345678901234567890\nx: NaN"
    )


def test_a_list_of_words_and_a_word_alone() -> None:
    assert text('["um","dois"]') == "um, dois"
    assert text('"só isto"') == "só isto"


def test_one_value_a_line_is_a_list_of_them() -> None:
    assert (
        text('{"n":1,"t":"um"}\n{"n":2,"t":"dois"}\n') == "[1]\nn: 1\nt: um\n\n[2]\nn: 2\nt: dois"
    )


def test_an_old_encoding_is_read() -> None:
    assert text('{"ação":"março"}'.encode("cp1252")) == "ação: março"
    assert text('{"ação":"março"}'.encode("utf-16")) == "ação: março"


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"a":}', b"[1,2", b"{'a':1}", b"[" * 100_000, b'{"a":1} x', b"<a><b></a>", b"<a"],
)
def test_what_is_broken_is_damaged(content: bytes) -> None:
    assert refusal_of(content).code == "damaged"


def test_what_is_binary_or_empty_says_so() -> None:
    assert refusal_of(bytes(range(256))).code == "type_mismatch"
    assert refusal_of(b"{}").code == refusal_of(b"<a/>").code == "no_words"


def test_xml_is_read_as_records_with_their_attributes() -> None:
    markup = (
        '<?xml version="1.0" encoding="UTF-8"?><n:nota xmlns:n="urn:x" numero="42">'
        "<emitente><nome>Papelaria</nome><uf>SP</uf></emitente>"
        '<item codigo="7"><nome>Lápis</nome><valor>1.50</valor></item>'
        '<item codigo="8"><nome>Caneta</nome><valor>3.00</valor></item></n:nota>'
    )

    assert text(markup) == (
        "nota\nnumero: 42\nemitente.nome: Papelaria\nemitente.uf: SP\n\n"
        "nota.item[1]\ncodigo: 7\nnome: Lápis\nvalor: 1.50\n\n"
        "nota.item[2]\ncodigo: 8\nnome: Caneta\nvalor: 3.00"
    )


def test_running_text_in_xml_stays_one_text() -> None:
    assert text("<lei><art n='1'>O prazo é de <b>dez</b> dias.</art></lei>") == (
        "lei\nart.n: 1\nart: O prazo é de dez dias."
    )


def test_an_entity_that_nobody_declared_is_left_as_it_is_written() -> None:
    assert text("<a><nome>Com&ntilde;ia &desconhecida; &amp; R&D &#233;</nome></a>") == (
        "a\nnome: Comñia &desconhecida; & R&D é"
    )


def test_a_comment_or_an_instruction_is_not_text() -> None:
    assert text("<?xml-stylesheet href='x'?><a><!-- nada --><b>sim</b></a>") == "a\nb: sim"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a SYSTEM "http://canary.example/x.dtd">',
        '<!doctype a [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>',
        "<! ENTITY x 'y'>",
    ],
)
def test_a_document_type_is_refused_before_parsing(declared: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        refusal = refusal_of(f'<?xml version="1.0"?>{declared}<a>&x;</a>'.encode(encoding))
        assert (refusal.code, refusal.facts["reason"]) == ("dangerous_content", "DOCTYPE")


def test_ten_thousand_elements_within_each_other_are_refused_and_crash_nothing() -> None:
    deep = b"<a>" * 10_000 + b"x" + b"</a>" * 10_000

    assert refusal_of(deep).code == "damaged"
