"""References: a chain of parts reads the same down, up, as a list and as a range."""

import pytest

from appliance.index.references import Path, own, references, terms

LAW = "\ue100"


def read(text: str) -> list[str]:
    """Each reference of a folded text, its parts joined by spaces, "@" before its law's name."""
    return [
        " ".join(kind + number for kind, number in path) + (f" @{law[-1]}" if law else "")
        for path, law in references(text, {LAW: ("lei1ano1990", "lei1")})
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("art. 5, ii, a", ["art5 incii ala"]),
        ("inciso iii do § 2 do art. 4", ["art4 par2 inciii"]),
        ("incisos i, ii e iii do art. 4", ["art4 inci", "art4 incii", "art4 inciii"]),
        ("alineas a e b do inciso i", ["inci ala", "inci alb"]),
        ("alinea “e” do inciso i do caput do art. 9", ["art9 inci ale"]),
        ("arts. 1 a 3", ["art1", "art2", "art3"]),
        ("arts. 1 a 900", ["art1", "art900"]),
        ("arts. 213, caput, e 224, § 1", ["art213", "art224 par1"]),
        ("§§ 1 e 2 do art. 7", ["art7 par1", "art7 par2"]),
        ("capitulo iv do titulo ii", ["cap4", "tit2"]),
        ("article 6(1)(a)", ["art6 par1 ala"]),
        ("clausula 3, 3.2", ["cla3 item3p2"]),
    ],
)
def test_parts_go_to_what_stands_above_them(text: str, parts: list[str]) -> None:
    assert sorted(read(text)) == sorted(parts)


@pytest.mark.parametrize(
    "text",
    [
        f"art. 4, § 1, da {LAW}",
        f"§ 1 do art. 4 da {LAW}",
        f"{LAW}, art. 4, § 1",
        f"paragrafo primeiro do artigo quarto da {LAW}",
        f"art. 4, caput, § 1, {LAW}",
    ],
)
def test_a_law_belongs_to_the_reference_beside_it(text: str) -> None:
    assert read(text) == ["art4 par1 @lei1"]


def test_a_law_ends_a_reference_and_another_may_begin() -> None:
    assert read(f"art. 4 da {LAW} e art. 5 do cpc") == ["art4 @lei1", "art5 @lei13105"]


@pytest.mark.parametrize("text", ["", "a parte", "arte", "incidente", "§", "art.", "do da"])
def test_a_word_without_its_number_refers_to_nothing(text: str) -> None:
    assert read(text) == []


def test_terms_are_the_whole_then_its_parts_with_the_law_first() -> None:
    path: Path = (("art", "4"), ("par", "1"))

    assert terms(path, ("lei1",)) == ("lei1art4par1", "lei1art4", "art4par1", "art4")
    assert terms((("cla", "3"),), ("lei1",)) == ("cla3",)


def test_the_terms_of_several_places_come_once() -> None:
    paths: list[Path] = [(("art", "4"),), (("art", "4"), ("par", "1"))]

    assert own(paths, ()) == ["art4", "art4par1"]
