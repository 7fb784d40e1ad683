"""A page's title is its own, without the name of the site that it ends with."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from appliance.index.reading.titles import LIMIT, title


def of(head: str, body: str = "") -> str:
    return title(LexborHTMLParser(f"<html><head>{head}</head><body>{body}</body></html>"))


@pytest.mark.parametrize("between", ["|", "-", "–", "—", "::", "»", "•", "/"])
def test_the_part_that_is_the_heading_is_the_title(between: str) -> None:
    found = of(f"<title>Matrículas {between} Colégio Horizonte</title>", "<h1>Matrículas</h1>")

    assert found == "Matrículas"


def test_the_name_of_the_site_is_left_out_wherever_it_stands() -> None:
    site = '<meta property="og:site_name" content="Colégio Horizonte">'

    assert of(f"<title>Férias | Colégio Horizonte</title>{site}") == "Férias"
    assert of(f"<title>Colégio Horizonte – Férias - 2026</title>{site}") == "Férias - 2026"


def test_what_a_page_gives_to_be_shared_counts_first() -> None:
    assert of('<title>x</title><meta property="og:title" content="Calendário">') == "Calendário"


def test_a_title_whose_parts_nobody_explains_stays_whole() -> None:
    assert of("<title>Ata - 12 de maio</title>", "<h1>Reunião</h1>") == "Ata - 12 de maio"
    assert of("<title>Pré-escola</title>") == "Pré-escola"


def test_a_page_without_a_title_is_called_what_its_heading_says() -> None:
    assert of("", "<h1> Férias <b>2026</b></h1>") == "Férias 2026"
    assert of("") == ""


def test_a_title_is_one_line_of_plain_text_and_not_longer_than_a_title_can_be() -> None:
    """SEC-13: what looks like markup in it stays the characters that it is."""
    hostile = "&quot;&gt;&lt;img src=x onerror=fetch('/canary-xss')&gt;"

    assert of(f"<title>{hostile}\n x</title>") == "\"><img src=x onerror=fetch('/canary-xss')> x"
    assert len(of(f"<title>{'a' * 5000}</title>")) == LIMIT
