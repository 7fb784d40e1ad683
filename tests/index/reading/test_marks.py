"""The numbers that LibreOffice shows before the items of a list, and before headings."""

import pytest
from lxml import etree

from appliance.index.reading.marks import Lists
from tests.index.reading.bundles import NAMES


def lists(*levels: str, name: str = "L") -> Lists:
    """A list style whose levels have these attributes, from the top."""
    written = "".join(
        f'<text:list-level-style-number text:level="{rank}" {level}/>'
        for rank, level in enumerate(levels, start=1)
    )
    style = f'<text:list-style style:name="{name}">{written}</text:list-style>'
    return Lists([etree.fromstring(f"<root {NAMES}>{style}</root>")])


DOTTED = 'style:num-format="1" style:num-suffix="."'
NESTED = 'style:num-format="a" style:num-suffix=")"'


def test_items_are_counted_from_one() -> None:
    counted = lists(DOTTED)

    assert [counted.mark("L", 1) for _ in range(3)] == ["1. ", "2. ", "3. "]


def test_items_within_an_item_begin_anew_under_each() -> None:
    counted = lists(DOTTED, NESTED)

    shown = [counted.mark("L", level) for level in (1, 2, 2, 1, 2)]

    assert shown == ["1. ", "a) ", "b) ", "2. ", "a) "]


def test_an_item_shows_as_many_levels_as_its_style_says() -> None:
    counted = lists(DOTTED, NESTED, f'{DOTTED} text:display-levels="3"')

    assert [counted.mark("L", level) for level in (1, 2, 3)][-1] == "1.a.1. "


def test_a_list_begins_where_its_style_says() -> None:
    assert lists(f'{DOTTED} text:start-value="0"').mark("L", 1) == "0. "


def test_an_item_may_say_its_own_number_and_the_next_follow_it() -> None:
    counted = lists(DOTTED)

    assert [counted.mark("L", 1, "7"), counted.mark("L", 1)] == ["7. ", "8. "]


def test_a_list_that_begins_again_begins_from_its_first_number() -> None:
    counted = lists(DOTTED)
    counted.mark("L", 1)

    counted.begin("L", continued=False)

    assert counted.mark("L", 1) == "1. "


def test_a_list_that_is_continued_goes_on() -> None:
    counted = lists(DOTTED)
    counted.mark("L", 1)

    counted.begin("L", continued=True)

    assert counted.mark("L", 1) == "2. "


@pytest.mark.parametrize(
    ("form", "shown"),
    [("1", "4"), ("a", "d"), ("A", "D"), ("i", "iv"), ("I", "IV"), ("一", "4")],
)
def test_a_number_is_written_as_its_style_says(form: str, shown: str) -> None:
    assert lists(f'style:num-format="{form}" text:start-value="4"').mark("L", 1) == f"{shown} "


def test_what_stands_around_a_number_is_shown_with_it() -> None:
    around = 'style:num-prefix="Art. " style:num-suffix="º" style:num-format="1"'

    assert lists(around).mark("L", 1) == "Art. 1º "


def test_a_level_without_a_number_shows_what_stands_in_its_place() -> None:
    assert lists('style:num-format="" style:num-suffix="*"').mark("L", 1) == "* "
    assert lists('style:num-format=""').mark("L", 1) == ""


def test_an_item_of_no_known_list_has_a_dash() -> None:
    assert lists(DOTTED).mark("unknown", 1) == "- "


def test_headings_have_no_number_where_the_outline_has_none() -> None:
    assert lists(DOTTED).heading(1) == ""


@pytest.mark.parametrize("odd", ["x", "²", "-1", "", "9" * 5000])
@pytest.mark.parametrize("attribute", ["text:start-value", "text:display-levels"])
def test_an_attribute_that_is_no_number_is_as_if_it_were_not_there(
    attribute: str, odd: str
) -> None:
    assert lists(f'{DOTTED} {attribute}="{odd}"').mark("L", 1) == "1. "


def test_a_level_that_is_no_number_costs_nobody_the_document() -> None:
    style = '<text:list-style style:name="L"><text:list-level-style-number text:level="x"/>'
    root = etree.fromstring(f"<root {NAMES}>{style}</text:list-style></root>")

    assert Lists([root]).mark("M", 1) == "- "
