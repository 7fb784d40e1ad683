"""The pictures of assistants: drawn anew, small, and gone when nothing wears them."""

import pytest

from appliance import assistants, logos, versions
from appliance.errors import BadRequest, NotFound, Unreadable
from appliance.looks import Look
from appliance.records import ITSELF
from tests.pictures import picture, size
from tests.test_assistants import created

SECRET = b"segredo-do-fotografo"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_as_a_small_png(form: str) -> None:
    drawn = logos.drawn(picture(1200, 600, form))

    assert drawn.startswith(b"\x89PNG")
    assert size(drawn) == (logos.SIDE, logos.SIDE // 2)


@pytest.mark.guarantee("SEC-16")
def test_nothing_but_the_pixels_stays() -> None:
    sent = picture(40, 40, "JPEG", comment=SECRET) + b"<script>alert(1)</script>"
    assert SECRET in sent

    drawn = logos.drawn(sent)

    assert SECRET not in drawn
    assert b"script" not in drawn


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "logo_unreadable"),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "logo_is_svg"),
        (b"%PDF-1.7", "logo_unreadable"),
        (picture(20, 20)[:60], "logo_unreadable"),
        (picture(20, 20, "GIF"), "logo_unreadable"),
        (picture(5000, 5000), "logo_too_large"),
    ],
)
def test_what_is_no_picture_is_refused(sent: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        logos.drawn(sent)

    assert refusal.value.code == code


def test_a_picture_nobody_wears_goes_with_the_next(database):
    made = created(database)
    with database.write() as db:
        first = logos.keep(db, made.id, logos.drawn(picture(10, 10)))
        second = logos.keep(db, made.id, logos.drawn(picture(12, 10)))

    assert size(logos.picture(database, made.id, second)) == (12, 10)
    with pytest.raises(NotFound):
        logos.picture(database, made.id, first)


def test_a_picture_that_an_earlier_version_wears_stays(database):
    made = created(database)
    with database.write() as db:
        first = logos.keep(db, made.id, logos.drawn(picture(10, 10)))
        worn = assistants.change(db, made.id, {"look": Look(logo=first)})
        versions.keep(db, ITSELF, "changed", worn, made)
        bare = assistants.change(db, made.id, {"look": Look()})
        versions.keep(db, ITSELF, "changed", bare)
        logos.keep(db, made.id, logos.drawn(picture(12, 10)))

    assert size(logos.picture(database, made.id, first)) == (10, 10)


def test_an_assistant_wears_only_a_picture_of_its_own(database):
    made, other = created(database), created(database, "Portaria")
    with database.write() as db:
        theirs = logos.keep(db, other.id, logos.drawn(picture(10, 10)))
        with pytest.raises(BadRequest) as refusal:
            assistants.change(db, made.id, {"look": Look(logo=theirs)})

    assert refusal.value.code == "unknown_logo"
