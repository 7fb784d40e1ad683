"""Lists: a page, and where the next one begins."""

from appliance.api.lists import listed
from appliance.records import Collection


def collections(count: int) -> list[Collection]:
    return [
        Collection(id=f"c{number}", name="", documents=0, created_at="") for number in range(count)
    ]


def test_an_item_more_than_the_page_holds_says_that_there_is_another() -> None:
    found = collections(3)

    assert listed(found, 2) == {"items": found[:2], "next": "c1"}


def test_a_page_that_is_just_full_is_the_last() -> None:
    found = collections(2)

    assert listed(found, 2) == {"items": found, "next": None}


def test_an_empty_list_has_one_empty_page() -> None:
    assert listed([], 50) == {"items": [], "next": None}


def test_a_list_may_be_counted_by_something_else_than_ids() -> None:
    page = listed([{"number": 1}, {"number": 2}], 1, cursor=lambda item: str(item["number"]))

    assert page["next"] == "1"
