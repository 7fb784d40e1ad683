"""What may be contacted is what the settings open, and every gate keeps to that list (ZE-10)."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import engines, net, options, outgoing
from appliance.answering.writers import Writers
from appliance.database import Database
from appliance.egress import allowed
from appliance.egress.allowed import Destination
from appliance.engines import Engine
from appliance.jobs import crawl, pull
from appliance.mail import Mail
from appliance.models import catalogue
from appliance.settings import Settings
from appliance.signin.directory import Directory

pytestmark = pytest.mark.guarantee("ZE-10")


def opened(settings: Settings, **changes: Any) -> Settings:
    return msgspec.structs.replace(settings, **changes)


def pairs(settings: Settings, database: Database) -> set[tuple[str, str]]:
    return {(one.purpose, one.origin) for one in allowed.destinations(settings, database)}


def engine(database: Database, *addresses: str) -> Engine:
    made = engines.new(name="Nosso", kind="site", addresses=addresses, model="m")
    with database.write() as db:
        engines.add(db, made)
    return made


def test_as_installed_only_models_may_be_fetched_and_from_their_sources(settings, database) -> None:
    found = allowed.destinations(settings, database)

    assert {(one.purpose, one.because) for one in found} == {("pull", "catalogue")}
    assert "https://huggingface.co" in {one.origin for one in found}


def test_a_mirror_takes_the_place_of_the_sources(settings, database) -> None:
    mirrored = opened(settings, model_mirrors="http://espelho.lan/modelos")

    assert allowed.destinations(mirrored, database) == [
        Destination(
            origin="http://espelho.lan",
            purpose="pull",
            address="http://espelho.lan/modelos",
            because="model_mirrors",
        )
    ]


@pytest.mark.parametrize("mirrors", ["", "http://espelho.lan"])
@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.name)
def test_the_gate_of_a_download_opens_nothing_else(entry, mirrors, settings, database) -> None:
    if not entry.source:
        return
    chosen = opened(settings, model_mirrors=mirrors, open_hosts="loja.lan")
    gate = pull.gate(entry, chosen, database)

    let_through = {(gate.purpose, origin) for origin in gate.opened | gate.public}

    assert let_through - pairs(chosen, database) == set()


def test_the_gate_of_an_engine_opens_nothing_else(settings, database) -> None:
    chosen = opened(settings, open_hosts="http://gpu.lan:8000 http://other.lan")
    kept = engine(database, "http://gpu.lan:8000/v1")

    gate = Writers(database, chosen, lambda: None)._gate(kept, lambda: None)

    assert {(gate.purpose, origin) for origin in gate.opened} == {
        ("generate", "http://gpu.lan:8000")
    }
    assert ("generate", "http://gpu.lan:8000") in pairs(chosen, database)
    assert ("generate", "http://other.lan") not in pairs(chosen, database)


def test_an_engine_that_the_settings_do_not_open_may_not_be_asked(settings, database) -> None:
    engine(database, "http://gpu.lan:8000/v1")

    assert "generate" not in {purpose for purpose, _ in pairs(settings, database)}


def test_the_gate_of_a_crawl_opens_nothing_else(settings, database) -> None:
    chosen = opened(settings, source_sites="http://intranet.lan/rh https://leis.gov.example")
    gate = crawl.Crawler(chosen, database)._gate(net.prefixes(chosen.source_sites))

    let_through = {(gate.purpose, net.origin(site)) for site in gate.sites or ()}

    assert let_through == {
        ("crawl", "http://intranet.lan"),
        ("crawl", "https://leis.gov.example"),
    }
    assert let_through <= pairs(chosen, database)


def test_the_directory_is_among_it_from_when_it_is_set(settings, database) -> None:
    assert "sign-in" not in {purpose for purpose, _ in pairs(settings, database)}

    section = Directory(host="ldap.lan")
    with database.write() as db:
        options.store(db, section)

    assert ("sign-in", "ldaps://ldap.lan:636") in pairs(settings, database)


def test_the_mail_server_is_among_it_from_when_it_is_set(settings, database) -> None:
    assert "mail" not in {purpose for purpose, _ in pairs(settings, database)}

    mail = Mail(host="correio.lan", sender="balcao@escola.example")
    with database.write() as db:
        options.store(db, mail)

    assert ("mail", mail.origin) in pairs(settings, database)


def test_a_proxy_is_told_without_its_password(settings, database) -> None:
    behind = opened(settings, proxy="http://ana:segredo@proxy.lan:3128")

    told = [one for one in allowed.destinations(behind, database) if one.purpose == "proxy"]

    assert [(one.origin, one.address) for one in told] == [("http://proxy.lan:3128",) * 2]


def test_what_was_sent_where_nothing_may_go_stands_out(settings, database) -> None:
    chosen = opened(settings, source_sites="http://intranet.lan")
    outgoing.record(database, "http://estranho.test", "crawl")
    outgoing.record(database, "http://intranet.lan", "crawl")

    first, second = allowed.made(chosen, database)

    assert (first.origin, first.allowed, first.outside) == ("http://estranho.test", False, True)
    assert (second.origin, second.allowed, second.outside) == ("http://intranet.lan", True, False)


def test_to_be_open_for_one_purpose_is_not_to_be_open_for_another(settings, database) -> None:
    chosen = opened(settings, source_sites="http://intranet.lan")
    outgoing.record(database, "http://intranet.lan", "generate")

    assert allowed.made(chosen, database)[0].outside


def test_what_was_kept_back_is_no_breach(settings, database) -> None:
    outgoing.refuse(database, "http://estranho.test", "crawl")

    (kept_back,) = allowed.made(settings, database)

    assert (kept_back.requests, kept_back.refused) == (0, 1)
    assert (kept_back.allowed, kept_back.outside) == (False, False)


def test_the_name_servers_of_the_machine_are_told_and_public_ones_marked(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text(
        "# feito à mão\nnameserver 10.0.0.53\nnameserver 1.1.1.1\nsearch lan\n"
        "nameserver fe80::1%eth0\nnameserver\nnameserver nada\n"
    )

    found = [(one.address, one.public) for one in allowed.resolvers(file)]

    assert found == [("10.0.0.53", False), ("1.1.1.1", True), ("fe80::1%eth0", False)]
    assert allowed.resolvers(tmp_path / "none") == []
