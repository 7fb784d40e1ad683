"""Whom a site vouched for is a person like any other at the LGPD desk (LGPD-02, LGPD-03)."""

import pytest

from tests.api.test_identities import asked, signed, visit
from tests.api.test_identities import made as secret_of
from tests.api.test_notices import SITE
from tests.api.test_subjects import CANARY, PERSON, REASON, erase, files_with, search
from tests.house import House


@pytest.mark.guarantee("LGPD-02", "LGPD-03")
def test_whom_a_site_vouched_for_is_found_handed_over_and_erased(house: House) -> None:
    """Of a visitor who asked the conversation, of one who did not yet their session."""
    assistant = house.assistant(origins=[SITE])
    house.upload(assistant["collections"][0])
    secret = secret_of(house, assistant)
    talk = asked(house, assistant, **signed(secret, name=PERSON, id=CANARY))
    waiting = visit(house, assistant, **signed(secret, id=f"{CANARY}-2", name=PERSON))
    assert waiting.status_code == 201

    found = search(house, name=PERSON).json()

    (own,) = found["conversations"]
    assert (own["id"], own["own"]) == (talk["id"], True)
    assert len(found["visitors"]) == 2
    statement = house.client.post(
        "/api/subjects/export", json={"name": PERSON, "reason": REASON}
    ).json()
    assert statement["conversations"][0]["asked_by"] == CANARY
    erase(house, "conversation", talk["id"])
    for one in search(house, name=PERSON).json()["visitors"]:
        erase(house, "visitor", one["id"])
    assert search(house, name=PERSON).json()["visitors"] == []
    assert files_with(house, CANARY) == []
