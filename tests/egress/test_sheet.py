"""The report as a page: whole, in three languages, and asking nobody for anything (ZE-10)."""

import re

import msgspec
import pytest

from appliance import facts, outgoing
from appliance.database import Database
from appliance.egress import report
from appliance.egress.sheet import Sheet
from appliance.errors import sentences
from appliance.records import LANGUAGES, Language
from appliance.settings import Settings
from appliance.vault import Vault
from tests.egress.trials import failing, passing

pytestmark = pytest.mark.guarantee("ZE-10")


def page(settings: Settings, database: Database, language: Language, test=failing) -> str:
    made = report.make(settings, database, Vault(settings.data), test=test)
    return Sheet(msgspec.json.decode(made.file), language).page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_it_is_in_the_readers_language(settings, database, language) -> None:
    opened = msgspec.structs.replace(
        settings,
        source_sites="http://intranet.lan",
        open_hosts="http://gpu.lan",
        proxy="http://proxy.lan:3128",
    )
    outgoing.record(database, "http://estranho.test", "crawl")

    shown = page(opened, database, language)

    words = sentences(language)
    assert words["unexpected"] not in shown
    for code in ("title", "test", "failed", "because_source_sites", "because_proxy", "outside"):
        assert words[f"say_egress_{code}"] in shown
    assert "192.0.2.1 9 (connect)" in shown
    assert f'lang="{language}"' in shown


def test_a_name_is_text_and_nothing_else(settings, database) -> None:
    with database.write() as db:
        facts.put(db, "organization", "<script>alert(1)</script>")
    outgoing.record(database, 'http://a.test"><img src=x>', "<b>crawl</b>")

    shown = page(settings, database, "en")

    assert "&lt;script&gt;" in shown
    assert re.search(r"<(script|img|b)\b", shown) is None


def test_it_asks_nobody_for_anything(settings, database) -> None:
    shown = page(settings, database, "pt", test=passing)

    assert re.findall(r"\b(?:src|href|action)\s*=|url\(|@import", shown) == []


def test_it_says_with_what_the_file_can_be_checked(settings, database) -> None:
    made = report.make(settings, database, Vault(settings.data), test=passing)
    file = msgspec.json.decode(made.file)

    shown = Sheet(file, "en").page()

    assert file["signature"]["fingerprint"] in shown
    assert file["signature"]["value"] in shown
    assert "egress-check --verify" in shown


def test_a_purpose_of_another_version_is_told_by_its_name(settings, database) -> None:
    outgoing.record(database, "http://a.test", "telepathy")

    assert "telepathy" in page(settings, database, "es")
