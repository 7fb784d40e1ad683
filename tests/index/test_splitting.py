"""Splitting: chunks are exact spans, keep to their page, and follow the structure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.index.splitting import LEAST, MOST, document_text, split
from appliance.records import Chunk, Heading, Page


def page(text: str, number: int = 1, headings: tuple[Heading, ...] = ()) -> Page:
    return Page(number=number, how="digital", text=text, headings=headings)


def exact(pages: list[Page], chunks: list[Chunk]) -> bool:
    text = document_text(pages)
    return all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)


SENTENCE = "O servidor deve apresentar o relatório no prazo fixado pela chefia imediata. "
LAW = """TÍTULO I
DAS DISPOSIÇÕES GERAIS
CAPÍTULO I
Das Férias
Art. 1º As férias são de trinta dias.
§ 1º Podem ser divididas em três períodos.
Art. 2º O aviso é dado com trinta dias de antecedência.
CAPÍTULO II
Das Licenças
Art. 3º A licença é de cinco dias."""


def test_an_article_of_law_is_a_chunk_with_its_path() -> None:
    chunks = split([page(LAW)], paged=False)

    assert [chunk.heading for chunk in chunks] == [
        "TÍTULO I DAS DISPOSIÇÕES GERAIS › CAPÍTULO I Das Férias › Art. 1º",
        "TÍTULO I DAS DISPOSIÇÕES GERAIS › CAPÍTULO I Das Férias › Art. 2º",
        "TÍTULO I DAS DISPOSIÇÕES GERAIS › CAPÍTULO II Das Licenças › Art. 3º",
    ]
    assert chunks[0].text.endswith("Podem ser divididas em três períodos.")


def test_headings_go_along_with_the_text_below_them() -> None:
    first, _, last = split([page(LAW)], paged=False)

    assert first.text.startswith("TÍTULO I\nDAS DISPOSIÇÕES GERAIS\nCAPÍTULO I")
    assert last.text.startswith("CAPÍTULO II\nDas Licenças\nArt. 3º")


def test_a_chunk_never_lies_on_two_pages_of_a_paged_document() -> None:
    pages = [page("Primeira parte da frase que", 1), page("continua na outra página.", 2)]

    chunks = split(pages, paged=True)

    assert [(chunk.page, chunk.text) for chunk in chunks] == [
        (1, "Primeira parte da frase que"),
        (2, "continua na outra página."),
    ]


def test_a_document_without_pages_has_chunks_without_pages() -> None:
    assert [chunk.page for chunk in split([page("Um texto.")], paged=False)] == [None]


def test_a_heading_path_goes_on_over_pages() -> None:
    pages = [page("CAPÍTULO IV – DAS MULTAS\nTexto um.", 1), page("Texto dois.", 2)]

    assert {chunk.heading for chunk in split(pages, paged=True)} == {"CAPÍTULO IV – DAS MULTAS"}


def test_paragraphs_are_gathered_to_about_a_thousand_characters() -> None:
    text = "\n\n".join(SENTENCE * 3 for _ in range(12))

    *chunks, rest = split([page(text)], paged=False)

    assert all(600 <= len(chunk.text) <= MOST for chunk in chunks)
    assert LEAST <= len(rest.text) < 600


def test_a_rest_too_short_to_be_found_joins_the_chunk_before_it() -> None:
    text = "\n\n".join([*(SENTENCE * 3 for _ in range(5)), SENTENCE])

    (chunk,) = split([page(text)], paged=False)

    assert len(chunk.text) > 1200


def test_a_paragraph_without_end_is_cut_at_sentences() -> None:
    chunks = split([page(SENTENCE * 60)], paged=False)

    assert len(chunks) > 3
    assert all(len(chunk.text) <= MOST for chunk in chunks)
    assert all(chunk.text.rstrip().endswith(".") for chunk in chunks)


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    chunks = split([page("x" * 10_000)], paged=False)

    assert sum(len(chunk.text) for chunk in chunks) == 10_000
    assert max(len(chunk.text) for chunk in chunks) <= MOST


def test_no_chunk_holds_text_from_both_sides_of_a_chapter() -> None:
    text = "Antes.\n# Capítulo\nDepois."
    given_ = (Heading(start=7, level=1, title="Capítulo"),)

    chunks = split([page(text, headings=given_)], paged=False)

    assert [chunk.text for chunk in chunks] == ["Antes.", "# Capítulo\nDepois."]
    assert [chunk.heading for chunk in chunks] == ["", "Capítulo"]


def test_small_sections_share_a_chunk_named_after_what_they_share() -> None:
    text = "Guia\nA\num.\nB\ndois."
    given_ = (
        Heading(start=0, level=1, title="Guia"),
        Heading(start=5, level=3, title="A"),
        Heading(start=11, level=3, title="B"),
    )

    (chunk,) = split([page(text, headings=given_)], paged=False)

    assert chunk.heading == "Guia"
    assert chunk.text == text


@pytest.mark.parametrize("pages", [[], [page("")], [page(" \n "), page("", 2)]])
def test_a_document_without_text_has_no_chunks(pages: list[Page]) -> None:
    assert split(pages, paged=True) == []


ROMANS = ("I", "II", "III", "IV", "V")
INCISO = "{} - o servidor que, por motivo de saúde, faltar ao serviço por mais de {} dias;"


def long_article() -> str:
    incisos = "\n".join(INCISO.format(roman, n) for n, roman in enumerate(ROMANS))
    more = "\n".join(f"§ {n}º {SENTENCE * 5}" for n in range(1, 4))
    return f"Art. 9º Será licenciado:\n{incisos}\n{more}\nArt. 10. Fica revogado."


def test_a_long_article_is_cut_at_its_paragraphs_of_law() -> None:
    chunks = split([page(long_article())], paged=False)

    assert [chunk.text[:4] for chunk in chunks] == ["Art.", "§ 2º", "Art."]
    assert [chunk.heading for chunk in chunks] == ["Art. 9º", "Art. 9º", "Art. 10"]
    assert all(len(chunk.text) <= MOST for chunk in chunks)


def test_a_piece_of_an_article_is_led_by_its_caput() -> None:
    first, second, *_ = split([page(long_article())], paged=False)

    assert (first.lead, second.lead) == ("", "Art. 9º Será licenciado:")


def test_a_piece_that_begins_below_a_paragraph_of_law_says_so_in_its_path() -> None:
    incisos = "\n".join(INCISO.format(roman, n) * 5 for n, roman in enumerate(ROMANS))
    text = f"Art. 9º Fica.\n§ 1º Será licenciado:\n{incisos}"

    last = split([page(text)], paged=False)[-1]

    assert last.heading == "Art. 9º › § 1º"
    assert last.lead == "Art. 9º Fica.\n§ 1º Será licenciado:"


def test_an_article_that_goes_on_over_the_page_keeps_its_caput() -> None:
    pages = [page("Art. 9º Será licenciado:\nI - o doente;", 1), page("II - o gestante.", 2)]

    _, second = split(pages, paged=True)

    assert (second.heading, second.lead) == ("Art. 9º", "Art. 9º Será licenciado:")


def test_a_list_that_fits_is_not_parted_from_its_lead_in() -> None:
    items = "\n".join(f"- {SENTENCE}" for _ in range(6))
    text = "\n".join([SENTENCE * 12, "Traga os documentos:", items])

    last = split([page(text)], paged=False)[-1]

    assert last.text.startswith("Traga os documentos:")


def test_rows_of_a_long_table_are_led_by_its_header() -> None:
    rows = "\n".join(f"Serviço número {n} da tabela | {n},00 | Secretaria" for n in range(80))

    first, *others = split([page(f"Serviço | Valor | Setor\n{rows}")], paged=False)

    assert first.lead == ""
    assert {chunk.lead for chunk in others} == {"Serviço | Valor | Setor"}


def test_a_contract_is_cut_at_its_clauses_and_items() -> None:
    items = "\n".join(f"3.{n}. {SENTENCE * 4}" for n in range(1, 8))
    text = f"CLÁUSULA PRIMEIRA – DO OBJETO\nO objeto.\nCLÁUSULA TERCEIRA – DO PREÇO\n{items}"

    object_, *price = split([page(text)], paged=False)

    assert object_.heading == "CLÁUSULA PRIMEIRA – DO OBJETO"
    assert {chunk.heading for chunk in price} == {"CLÁUSULA TERCEIRA – DO PREÇO"}
    assert all(chunk.text.startswith("3.") for chunk in price[1:])


def test_a_law_stands_over_its_titles() -> None:
    text = f"LEI Nº 8.069, DE 13 DE JULHO DE 1990.\n{LAW}"

    chunks = split([page(text)], paged=False)

    assert {chunk.heading.split(" › ")[0] for chunk in chunks} == {
        "LEI Nº 8.069, DE 13 DE JULHO DE 1990."
    }


LINES = st.sampled_from(
    [
        "CAPÍTULO I",
        "Seção II",
        "Art. 1º Fica:",
        "§ 1º Pode.",
        "II - item:",
        "a) letra;",
        "- ponto",
        "um | dois",
        "I - " + "longa frase, " * 90,
        "1. OBJETO",
        "texto",
        "",
        "Uma frase. Outra.",
        "A" * 40,
    ]
)


@given(st.lists(st.lists(LINES, max_size=12), max_size=4), st.booleans())
def test_every_chunk_is_exact_and_no_word_is_lost(lines: list[list[str]], paged: bool) -> None:
    pages = [page("\n".join(one), number) for number, one in enumerate(lines, start=1)]

    chunks = split(pages, paged=paged)

    assert exact(pages, chunks)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    kept = " ".join(chunk.text for chunk in chunks).split()
    assert kept == document_text(pages).split()
