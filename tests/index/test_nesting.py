"""Nesting: what stands below what, and what a piece must be told of above it."""

import time

from appliance.index.nesting import LEAD_MOST, Nesting, blocks
from appliance.records import Heading

ARTICLE = """Art. 9º São segurados:
I - o empregado;
II - o avulso:
a) com sindicato;
b) sem sindicato.
§ 1º Considera-se empregado quem trabalha.
O regulamento dirá o resto."""


def nested(text: str, *headings: Heading) -> Nesting:
    return Nesting(text, headings)


def lead(text: str, words: str) -> str:
    return nested(text).lead(text.index(words))


def test_an_item_stands_below_its_inciso_and_its_caput() -> None:
    assert lead(ARTICLE, "b) sem") == "Art. 9º São segurados:\nII - o avulso:"


def test_a_paragraph_of_law_stands_below_the_caput_alone() -> None:
    assert lead(ARTICLE, "§ 1º") == "Art. 9º São segurados:"


def test_an_article_stands_below_nothing() -> None:
    assert lead(ARTICLE, "Art. 9º") == ""


def test_a_piece_from_the_middle_of_a_provision_stands_below_its_beginning() -> None:
    assert lead(ARTICLE, "quem trabalha").endswith("§ 1º Considera-se empregado quem trabalha.")


def test_a_path_goes_on_below_the_article() -> None:
    found = nested(ARTICLE)

    assert found.path(ARTICLE.index("b) sem"), "TÍTULO I › Art. 9º") == "TÍTULO I › Art. 9º › II"
    assert found.path(0, "TÍTULO I › Art. 9º") == "TÍTULO I › Art. 9º"


def test_a_list_stands_below_its_lead_in() -> None:
    text = "Traga os documentos:\n- identidade\n- comprovante\nDepois espere."

    assert lead(text, "- comprovante") == "Traga os documentos:"
    assert lead(text, "Depois") == ""


def test_incisos_without_an_article_stand_below_their_lead_in() -> None:
    assert lead("São requisitos:\nI - idade;\nII - prova.", "II -") == "São requisitos:"


def test_rows_stand_below_the_header_of_their_table() -> None:
    text = "Preços\nServiço | Valor\nCópia | 2,00\nCertidão | 9,00\n\nFim."

    assert lead(text, "Certidão") == "Serviço | Valor"
    assert lead(text, "Fim") == ""


def test_a_heading_ends_what_was_open() -> None:
    text = "Art. 9º São segurados:\nCAPÍTULO II\nTexto novo."

    found = nested(text, Heading(start=text.index("CAP"), level=2, title="CAPÍTULO II"))

    assert found.lead(text.index("Texto")) == ""


def test_a_line_that_the_margin_broke_is_one_provision() -> None:
    broken = "I - o servidor que, durante o estágio, faltar ao serviço por mais\nde trinta dias;"
    text = f"{broken}\nII - x."

    assert [one.start for one in nested(text).paragraphs] == [0, text.index("II -")]


def test_a_long_caput_leads_by_its_beginning() -> None:
    text = "Art. 1º " + "palavra " * 100 + "seguinte:\nI - um."

    assert len(lead(text, "I - um")) <= LEAD_MOST + 2
    assert lead(text, "I - um").endswith("palavra …")


def test_a_block_is_a_paragraph_with_what_lies_below_it() -> None:
    groups = blocks(nested(ARTICLE.partition("\n")[2]).paragraphs)

    assert [len(group) for group in groups] == [1, 3, 2]


def test_a_hostile_text_takes_no_longer_than_its_length() -> None:
    began = time.process_time()

    for piece in ("Art. 1º x\n", "a\n", "I - a:\n", "a | b\n", " \n\t", "\f", "a) b:\n", "1. a:\n"):
        nested(f"Art. 1º {'longa ' * 20}\n" + piece * 20_000)

    assert time.process_time() - began < 8.0
