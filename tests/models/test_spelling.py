"""From tokens to text: whole characters, and nothing from a stop string on."""

import pytest

from appliance.models.spelling import Spelling


def spelt(*pieces: bytes, stops: tuple[str, ...] = ()) -> list[str]:
    """What is said at each piece, and at the end."""
    spelling = Spelling(stops)
    said = []
    for piece in pieces:
        said.append(spelling.add(piece))
        if spelling.stopped:
            break
    return [*said, spelling.end()]


def test_a_character_comes_when_its_last_byte_came() -> None:
    assert spelt(b"a\xc3", b"\xa7", b"\xe2\x82", b"\xac") == ["a", "ç", "", "€", ""]


def test_half_a_character_at_the_end_is_a_mark_that_something_is_missing() -> None:
    assert spelt(b"a", b"\xe2\x82") == ["a", "", "\ufffd"]


def test_the_space_that_a_tokeniser_puts_in_front_is_no_part_of_the_answer() -> None:
    assert spelt(b" ", b" O", b" prazo") == ["", "O", " prazo", ""]


def test_an_answer_ends_before_a_stop_string() -> None:
    assert spelt(b"sim.", b"\n\nfonte", stops=("\n\n",)) == ["sim.", "", ""]


def test_what_may_become_a_stop_string_is_held_back_until_it_is_known() -> None:
    assert spelt(b"a\n", b"b", stops=("\n\n",)) == ["a", "\nb", ""]
    assert spelt(b"a\n", b"\nb", stops=("\n\n",)) == ["a", "", ""]
    assert spelt(b"a\n", stops=("\n\n",)) == ["a", "\n"]


def test_a_stop_string_may_come_letter_by_letter() -> None:
    pieces = [bytes([letter]) for letter in b"fim STOP depois"]

    assert "".join(spelt(*pieces, stops=("STOP",))) == "fim "


def test_the_first_of_several_stop_strings_counts() -> None:
    assert "".join(spelt(b"um dois tres", stops=("tres", "dois"))) == "um "


def test_a_stop_string_with_accents_is_found_across_its_bytes() -> None:
    assert "".join(spelt(b"a li\xc3", b"\xa7\xc3\xa3o b", stops=("lição",))) == "a "


@pytest.mark.parametrize("stop", ["a", "abc", "aab"])
def test_however_the_text_is_cut_the_same_is_said(stop: str) -> None:
    text = "xaaaabcaab"
    expected = text[: text.index(stop)]
    for cut in range(len(text)):
        pieces = text[:cut].encode(), text[cut:].encode()
        assert "".join(spelt(*pieces, stops=(stop,))) == expected
