"""Letters wait while the mail server is away, and the house works."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import options, outgoing
from appliance.jobs import ledger, post
from appliance.letters import Text
from appliance.mail import Mail
from appliance.records import Job
from tests.house import House
from tests.mailhouse import free_port, open_house

TEXT = Text(subject="Convite", text="Abra o link https://x/#/reset/segredo-da-carta\n")


def with_mail(house: House, port: int) -> None:
    with house.parts.database.write() as writer:
        options.store(
            writer,
            Mail(host="localhost", port=port, safety="none", sender="balcao@escola.example"),
        )


def written(house: House, *, minutes: int = 30) -> Job:
    return post.write(
        house.parts.database,
        house.parts.vault,
        to="bia@escola.example",
        text=TEXT,
        until=datetime.now(UTC) + timedelta(minutes=minutes),
    )


def state(house: House, job: Job) -> Job:
    return ledger.get(house.parts.database, job.id)


def due_now(house: House) -> None:
    with house.parts.database.write() as writer:
        writer.run("update jobs set not_before = '2000-01-01T00:00:00.000Z'")


def left(house: House) -> int:
    return len(house.parts.database.rows("select * from letters"))


@pytest.mark.guarantee("REL-23")
def test_a_letter_waits_for_the_server_and_leaves_when_it_is_back(house: House) -> None:
    """The smaller twin of ten minutes without SMTP: the server is away, and comes back."""
    port = free_port()
    with_mail(house, port)
    job = written(house)

    house.work()
    waiting = state(house, job)
    assert (waiting.state, waiting.problem and waiting.problem.code) == (
        "queued",
        "mail_not_reached",
    )
    assert house.client.get("/api/people").status_code == 200  # the console works
    listed = house.client.get("/api/jobs").json()["items"][0]
    assert "localhost" in listed["problem"]["detail"]

    with open_house(port=port) as server:
        due_now(house)
        house.work()

    assert state(house, job).state == "succeeded"
    assert [one["subject"] for one in server.letters] == ["Convite"]
    assert left(house) == 0


def test_a_letter_is_counted_like_every_request_that_leaves(house: House) -> None:
    with open_house() as server:
        with_mail(house, server.port)
        written(house)
        house.work()

    (entry,) = outgoing.entries(house.parts.database)
    assert (entry.origin, entry.purpose, entry.requests) == (
        f"smtp://localhost:{server.port}",
        "mail",
        1,
    )


def test_a_letter_waits_sealed(house: House) -> None:
    with_mail(house, free_port())
    written(house)

    data = house.settings.data
    kept = b"".join(one.read_bytes() for one in data.rglob("*") if one.is_file())

    assert b"segredo-da-carta" not in kept


def test_a_letter_that_nobody_needs_any_more_is_not_sent(house: House) -> None:
    with open_house() as server:
        with_mail(house, server.port)
        job = written(house, minutes=-1)
        house.work()

    assert state(house, job).state == "cancelled"
    assert server.letters == []
    written(house)
    assert left(house) == 1  # the old one was swept away


def test_a_letter_that_the_server_refuses_for_good_is_not_tried_again(house: House) -> None:
    with open_house() as server:
        server.says["bia@escola.example"] = "550 no such user"
        with_mail(house, server.port)
        job = written(house)
        house.work()

    failed = state(house, job)
    assert (failed.state, failed.problem and failed.problem.code) == ("failed", "mail_refused")
    assert left(house) == 0
    assert house.client.post(f"/api/jobs/{job.id}/retry").status_code == 404


def test_an_invitation_is_mailed_and_brings_the_person_in(house: House) -> None:
    with open_house() as server:
        with_mail(house, server.port)
        body = {"email": "bia@escola.example", "language": "en"}
        told = house.client.post("/api/invitations", json=body).json()
        house.work()

    assert told["mailed"] is True
    (letter,) = server.letters
    assert letter["subject"] == "Invitation to Balcão"
    assert "Ana Prado invites you" in letter.get_content()
    assert told["link"] in letter.get_content()


def test_a_test_letter_goes_to_oneself_now(house: House) -> None:
    with open_house() as server:
        with_mail(house, server.port)
        told = house.client.post("/api/settings/mail/test")

    assert told.json() == {"to": "ana@escola.example"}
    assert server.recipients == ["ana@escola.example"]


def test_a_test_letter_says_what_is_wrong(house: House) -> None:
    unset = house.client.post("/api/settings/mail/test")
    with_mail(house, free_port())
    away = house.client.post("/api/settings/mail/test")

    assert (unset.status_code, unset.json()["code"]) == (409, "mail_not_set")
    assert (away.status_code, away.json()["code"]) == (409, "mail_not_reached")


def test_the_password_of_the_server_is_kept_sealed_and_never_told(house: House) -> None:
    body = {
        "host": "localhost", "sender": "balcao@escola.example", "user": "balcao",
        "password": "gaivota-azul",
    }  # fmt: skip
    changed = house.client.patch("/api/settings/mail", json=body)

    assert changed.status_code == 200, changed.text
    assert "gaivota-azul" not in changed.text + house.client.get("/api/settings").text
    kept = options.read(house.parts.database, Mail).password
    assert house.parts.vault.open(kept, purpose="mail.password") == "gaivota-azul"
