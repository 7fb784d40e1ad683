"""Letters leave to the one server that was named, under its certificate, and are counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import mail
from appliance.errors import BadRequest, Refusal, Unavailable, Unreadable
from appliance.mail import Letter, Mail
from tests.mailhouse import PASSWORD, USER, MailHouse, certificate, free_port, open_house

LETTER = Letter(to="bia@escola.example", subject="Convite: às 7h30 — já!", text="Olá, Bia!\n")


@pytest.fixture
def plain() -> Iterator[MailHouse]:
    with open_house() as house:
        yield house


@pytest.fixture
def vouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate for localhost that this machine believes in."""
    paths = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    return paths


def section(port: int, **fields: object) -> Mail:
    known: dict[str, object] = {
        "host": "localhost", "port": port, "safety": "none", "sender": "balcao@escola.example",
    }  # fmt: skip
    return Mail(**known | fields)  # type: ignore[arg-type]


def sent(one: Mail, letter: Letter = LETTER, password: str = "") -> list[tuple[str, str]]:
    """Send it; what was written down before."""
    told: list[tuple[str, str]] = []
    mail.send(
        one,
        password,
        letter,
        sender_name="Escola Ágora",
        record=lambda origin, purpose: told.append((origin, purpose)),
    )
    return told


def test_a_letter_arrives_as_it_was_written(plain: MailHouse) -> None:
    told = sent(section(plain.port))

    (letter,) = plain.letters
    assert letter["subject"] == LETTER.subject
    assert letter["from"] == "Escola Ágora <balcao@escola.example>"
    assert letter["to"] == LETTER.to
    assert letter["auto-submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    assert plain.recipients == [LETTER.to]
    assert told == [(f"smtp://localhost:{plain.port}", "mail")]


def test_the_server_is_told_no_name_of_this_machine(plain: MailHouse) -> None:
    """smtplib would ask a name server for it."""
    sent(section(plain.port))

    assert plain.names == ["escola.example"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the TLS is there before SMTP begins
@pytest.mark.parametrize("from_the_start", [True, False], ids=["tls", "starttls"])
def test_a_password_travels_under_tls(vouched: tuple[Path, Path], from_the_start: bool) -> None:
    safety = "tls" if from_the_start else "starttls"
    with open_house(certificate=vouched, from_the_start=from_the_start, sign_in=True) as house:
        told = sent(section(house.port, safety=safety, user=USER), password=PASSWORD)

        assert [one["to"] for one in house.letters] == [LETTER.to]
        assert told[0][0].startswith("smtps://" if from_the_start else "smtp://")


def test_a_wrong_password_says_so_and_sends_nothing(vouched: tuple[Path, Path]) -> None:
    with open_house(certificate=vouched, sign_in=True) as house:
        with pytest.raises(Unavailable) as refused:
            sent(section(house.port, safety="starttls", user=USER), password="errada")

        assert refused.value.code == "mail_sign_in"
        assert "errada" not in str(refused.value)
        assert house.letters == []


@pytest.mark.parametrize("safety", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_ends_it(tmp_path: Path, safety: str) -> None:
    paths = certificate(tmp_path)
    with open_house(certificate=paths, from_the_start=safety == "tls") as house:
        with pytest.raises(Unavailable) as refused:
            sent(section(house.port, safety=safety))

        assert refused.value.code == "mail_not_safe"
        assert house.letters == []


def test_a_certificate_for_another_name_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = certificate(tmp_path, "outro.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    with open_house(certificate=paths) as house, pytest.raises(Unavailable) as refused:
        sent(section(house.port, safety="starttls"))

    assert refused.value.code == "mail_not_safe"


def test_a_server_without_starttls_gets_nothing_where_it_was_wanted(plain: MailHouse) -> None:
    """An attacker on the way can take the offer away."""
    with pytest.raises(Unavailable) as refused:
        sent(section(plain.port, safety="starttls", user=USER), password=PASSWORD)

    assert refused.value.code == "mail_not_safe"
    assert plain.letters == []


def test_a_server_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable) as refused:
        sent(section(free_port()))

    assert refused.value.code == "mail_not_reached"
    assert "localhost" in str(refused.value)


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("550 no such user", Unreadable, "mail_refused"),
        ("451 greylisted, come again", Unavailable, "mail_later"),
    ],
)
def test_what_may_go_well_later_is_told_from_what_never_does(
    plain: MailHouse, said: str, kind: type[Refusal], code: str
) -> None:
    plain.says[LETTER.to] = said

    with pytest.raises(kind) as refused:
        sent(section(plain.port))

    assert refused.value.code == code
    assert said in refused.value.facts["reason"]


@pytest.mark.parametrize(
    "address",
    ["a,b@c.example", "a@b.example>", "<a@b.example", "a b@c.example", "a@b@c.example", "a", ""],
)
def test_an_address_that_could_be_read_in_two_ways_gets_nothing(
    plain: MailHouse, address: str
) -> None:
    with pytest.raises(Unreadable):
        sent(section(plain.port), Letter(to=address, subject="x", text="x"))

    assert plain.letters == []


def test_a_line_break_in_a_subject_adds_no_header(plain: MailHouse) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        sent(section(plain.port), Letter(to=LETTER.to, subject="x\r\nBcc: evil@x", text="x"))


def test_without_a_server_nothing_leaves() -> None:
    with pytest.raises(Unavailable) as refused:
        sent(Mail())

    assert refused.value.code == "mail_not_set"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"host": "correio casa"}, "mail_bad_host"),
        ({"host": "https://correio.casa"}, "mail_bad_host"),
        ({"sender": ""}, "mail_bad_sender"),
        ({"sender": "Balcão <a@b.example>"}, "mail_bad_sender"),
        ({"password": "selada"}, "mail_open_password"),
    ],
)
def test_settings_that_could_not_work_or_would_tell_a_password_are_refused(
    fields: dict[str, str], code: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        section(25, **fields).check()

    assert refused.value.code == code


def test_the_settings_of_a_house_without_mail_are_fine() -> None:
    Mail().check()
    section(25).check()
