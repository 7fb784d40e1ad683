"""A new master key: every secret opens under it, and the old key is no longer needed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from appliance import accounts, assistants, collections, identities, letters, options, resealing
from appliance.database import Database
from appliance.errors import Unavailable
from appliance.sections import Secret, Section
from appliance.signin import second_factor
from appliance.vault import Vault


class Post(Section, frozen=True):
    SECTION: ClassVar[str] = "post"

    password: Secret = ""
    token: Secret = ""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with contextlib.closing(Database(tmp_path / "appliance.db")) as opened:
        opened.migrate()
        yield opened


def furnish(database: Database, vault: Vault) -> str:
    """A section with a secret, and a person with a second factor."""
    with database.write() as writer:
        options.store(writer, Post(password=vault.seal("açaí", purpose="post.password")))
        ana = accounts.create(
            writer, name="Ana", email="ana@casa.test", password_hash="", role="admin"
        )
        sealed = vault.seal("JBSWY3DP", purpose=second_factor.PURPOSE)
        second_factor.begin(writer, ana.id, sealed)
    return ana.id


def test_everything_sealed_opens_under_the_new_key_alone(
    database: Database, tmp_path: Path
) -> None:
    vault = Vault(tmp_path)
    ana = furnish(database, vault)
    before = vault.file.read_text()

    assert resealing.renew(database, vault, [Post]) == 2

    assert len(vault.file.read_text().split()) == 1
    assert vault.file.read_text() != before
    fresh = Vault(tmp_path)
    section = options.read(database, Post)
    assert fresh.open(section.password, purpose="post.password") == "açaí"
    assert section.token == ""
    standing = second_factor.standing(database, ana)
    assert standing is not None
    assert fresh.open(standing.sealed, purpose=second_factor.PURPOSE) == "JBSWY3DP"


def test_a_letter_that_waits_can_still_be_sent(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with database.write() as writer:
        content = vault.seal("um link", purpose=letters.PURPOSE)
        letter_id = letters.put(writer, content, expires_at="2999-01-01T00:00:00.000Z")

    assert resealing.renew(database, vault, [Post]) == 1

    letter = letters.waiting(database, letter_id)
    assert letter is not None
    assert Vault(tmp_path).open(letter.content, purpose=letters.PURPOSE) == "um link"


def test_a_site_goes_on_vouching_with_the_secret_it_has(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with database.write() as writer:
        shelf = collections.create(writer, name="Atas")
        assistant = assistants.create(
            writer, name="Portaria", language="pt", collections=[shelf.id]
        ).id
        made = identities.renew(writer, vault, assistant)

    assert resealing.renew(database, vault, [Post]) == 1

    assert identities.secret(database, Vault(tmp_path), assistant) == made.secret


def test_with_nothing_sealed_the_key_is_replaced_all_the_same(
    database: Database, tmp_path: Path
) -> None:
    vault = Vault(tmp_path)
    vault.prepare()
    before = vault.file.read_text()

    assert resealing.renew(database, vault, [Post]) == 0
    assert vault.file.read_text() != before


def test_broken_off_in_the_middle_both_keys_open_and_again_finishes(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(tmp_path)
    ana = furnish(database, vault)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(second_factor, "seal_again", cut)
        with pytest.raises(KeyboardInterrupt):
            resealing.renew(database, vault, [Post])

    section = options.read(database, Post)
    assert Vault(tmp_path).open(section.password, purpose="post.password") == "açaí"
    assert resealing.renew(database, Vault(tmp_path), [Post]) == 2
    assert len(vault.file.read_text().split()) == 1
    standing = second_factor.standing(database, ana)
    assert standing is not None
    assert Vault(tmp_path).open(standing.sealed, purpose=second_factor.PURPOSE) == "JBSWY3DP"


def test_a_secret_that_no_longer_opens_keeps_the_old_key(
    database: Database, tmp_path: Path
) -> None:
    vault = Vault(tmp_path)
    with database.write() as writer:
        options.store(writer, Post(password="not sealed here"))

    with pytest.raises(Unavailable):
        resealing.renew(database, vault, [Post])

    assert len(vault.file.read_text().split()) == 2
