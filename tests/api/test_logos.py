"""The pictures of assistants over HTTP: sent by editors, shown to whoever meets them."""

import pytest

from appliance import logos
from tests.house import House
from tests.pictures import picture, size

BYTES = {"content-type": "application/octet-stream"}
SITE = "https://escola.example"


@pytest.mark.guarantee("SEC-16")
def test_a_picture_is_served_as_nothing_but_a_picture(house: House) -> None:
    made = house.assistant(origins=[SITE])
    digest = house.logo(made["id"], picture(900, 300, "JPEG"))

    with house.as_nobody() as client:
        sent = client.get(f"/api/widget/{made['public_id']}/logo/{digest}")

    assert size(sent.content) == (192, 64)
    assert sent.headers["content-type"] == "image/png"
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert sent.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert sent.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "immutable" in sent.headers["cache-control"]


def test_visitors_are_told_of_the_look_and_nothing_else(house: House) -> None:
    made = house.assistant(origins=[SITE])
    digest = house.logo(made["id"])

    with house.as_nobody() as client:
        face = client.get(f"/api/widget/{made['public_id']}/config").json()["assistant"]

    assert face["look"]["logo"] == digest
    assert "instructions" not in face


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "logo_is_svg"),
        (b"GIF89a", 422, "logo_unreadable"),
        (b"", 422, "logo_unreadable"),
        (b"\x89PNG" + bytes(logos.MOST_BYTES), 413, "body_too_large"),
    ],
)
def test_what_is_no_logo_is_refused(house: House, sent: bytes, status: int, code: str) -> None:
    made = house.assistant()

    refused = house.client.put(f"/api/assistants/{made['id']}/logo", content=sent, headers=BYTES)

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_picture_of_an_assistant_that_is_not_for_visitors_is_for_the_house(house: House) -> None:
    made = house.assistant(access="signed_in", origins=[SITE])
    digest = house.logo(made["id"])

    with house.as_nobody() as client:
        outside = client.get(f"/api/widget/{made['public_id']}/logo/{digest}")
    inside = house.client.get(f"/api/assistants/{made['public_id']}/logo/{digest}")

    assert (outside.status_code, inside.status_code) == (404, 200)


def test_a_look_is_given_whole(house: House) -> None:
    made = house.assistant(look={"position": "left", "label": "Ajuda"})

    changed = house.client.patch(
        f"/api/assistants/{made['id']}", json={"look": {"icon": "talk"}}
    ).json()

    assert changed["look"] == {
        "logo": "", "icon": "talk", "position": "right", "label": "", "disclaimer": "", "words": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "look",
    [{"position": "top"}, {"icon": "skull"}, {"logo": "x"}, {"logo": "0" * 64}, {"label": "a" * 41},
     {"css": "body{}"}, {"words": {"fr": {}}}, {"words": {"en": {"name": "x"}}}],
)  # fmt: skip
def test_a_look_beyond_its_bounds_is_refused(house: House, look: dict) -> None:
    made = house.assistant()

    sent = house.client.patch(f"/api/assistants/{made['id']}", json={"look": look})

    assert sent.status_code == 400
