"""The status page: each part, and where one is down the reason in the reader's language."""

import errno
import logging
import sys
from pathlib import Path

import msgspec
import pytest

from appliance import backups, certificates
from appliance.backups import Backup
from appliance.embedders import EmbedderChange
from appliance.models.client import RunnerClient
from appliance.models.wire import Condition, Part
from appliance.processes import Supervised
from appliance.records import Problem, timestamp
from appliance.settings import Settings
from appliance.status import Status, Tried, shown
from tests.authority import Authority, pem
from tests.whole.running import eventually

NAMES = ("runner", "worker")


def test_without_a_runner_there_is_no_model_and_no_error(settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    status = Status(settings, RunnerClient(settings.data / "runner.sock"))

    told = status.system("pt")

    assert (told["language_model"], told["embedder"], told["parts"]) == (None, None, [])
    assert told["address"] == settings.address


def test_a_part_that_died_says_why_in_the_readers_language(settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    child = Supervised(
        "worker", [sys.executable, "-c", "raise SystemExit(3)"], log=logging.getLogger("test")
    )
    child.start()
    try:
        status = Status(settings, None, [child])
        eventually(lambda: child.state.reason, "it did not end")

        (portuguese,), (english,) = status.system("pt")["parts"], status.system("en")["parts"]
    finally:
        child.stop()

    assert portuguese["name"] == "worker"
    assert portuguese["state"] in ("restarting", "running", "starting")
    assert "3" in portuguese["reason"]
    assert portuguese["reason"] != english["reason"]


@pytest.mark.guarantee("REL-10")
def test_work_that_stands_still_is_said_with_its_reason(settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    broken = [sys.executable, "-c", "raise SystemExit(3)"]
    children = [Supervised(name, broken, log=logging.getLogger("test")) for name in NAMES]
    status = Status(settings, None, children)
    assert status.system("pt")["work"] == {"reason": None}
    runner, worker = children
    try:
        runner.start()
        eventually(lambda: runner.state.stands_still, "it did not end")
        assert status.system("pt")["work"] == {"reason": None}, "others write, and read nothing"
        worker.start()
        eventually(lambda: worker.state.stands_still, "it did not end")
        told = status.system("pt")["work"]["reason"]
    finally:
        for child in children:
            child.stop()

    assert told.startswith("O processamento está parado")
    assert "(código 3)" in told


def test_the_disk_is_the_one_that_holds_the_data(tmp_path: Path) -> None:
    disk = Status(Settings(data_dir=str(tmp_path)), None).system("pt")["disk"]

    assert 0 < disk["free_bytes"] < disk["total_bytes"]


@pytest.mark.guarantee("REL-04")
def test_a_disk_that_is_nearly_full_is_told_with_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = Status(Settings(data_dir=str(tmp_path)), None)
    assert status.system("pt")["disk"]["reason"] is None
    facts = {"folder": "/var", "free_mb": 7, "least_mb": 10}
    monkeypatch.setattr("appliance.status.short", lambda _: Problem(code="disk_low", facts=facts))

    assert "Restam 7 MB no disco de /var" in status.system("pt")["disk"]["reason"]


@pytest.mark.guarantee("REL-05")
def test_a_disk_that_takes_no_writes_is_told_until_it_does_and_not_tried_all_the_time(
    tmp_path: Path,
) -> None:
    tries: list[float] = []
    now = 100.0

    def write() -> None:
        tries.append(now)
        if now < 110:
            raise OSError(errno.EROFS, "Read-only file system")

    tried = Tried(write, clock=lambda: now)

    assert [tried.problem(), tried.problem()] == [Problem(code="disk_read_only")] * 2
    now = 112.0
    assert tried.problem() is None
    assert tries == [100.0, 112.0]


def test_the_embedder_says_what_it_calculates_in_and_why() -> None:
    facts = {"gain": "1.8", "cosine": "0.99991"}
    part = Part(
        name="minilm",
        state="ready",
        numbers="bf16",
        because=Problem(code="bf16_chosen", facts=facts),
    )

    told = shown(part, "pt")

    assert told is not None
    assert (told["state"], told["reason"], told["numbers"]) == ("ready", None, "bf16")
    assert "1.8 vezes mais rápido" in told["numbers_reason"]


@pytest.mark.parametrize(
    ("by_keywords", "said"), [(False, "continua com “minilm”"), (True, "vai por palavras")]
)
def test_an_embedder_that_is_being_replaced_is_told_with_how_far_it_is(
    settings: Settings, by_keywords: bool, said: str
) -> None:
    settings.data.mkdir(parents=True)
    change = EmbedderChange(
        old="minilm", new="melhor", by_keywords=by_keywords, job="j1", done=3, total=9
    )

    told = Status(settings, None, change=lambda: change).system("pt")["embedder_change"]

    assert (told["old"], told["new"], told["job"]) == ("minilm", "melhor", "j1")
    assert (told["done"], told["total"]) == (3, 9)
    assert said in told["reason"]
    assert Status(settings, None).system("pt")["embedder_change"] is None


class Survivor:
    """A runner that lives and has something to tell."""

    def health(self) -> Condition:
        none = Part(name="", state="none")
        damaged = Problem(code="state_damaged", facts={"file": "ab12…"})
        return Condition(pid=1, embedder=none, language=none, notices=(damaged,))


def test_what_the_engine_survived_is_a_sentence_of_the_readers_language(tmp_path: Path) -> None:
    status = Status(Settings(data_dir=str(tmp_path)), Survivor())

    (portuguese,), (english,) = status.system("pt")["notices"], status.system("en")["notices"]

    assert "ab12… está danificado" in portuguese
    assert "ab12… is damaged" in english
    assert Status(Settings(data_dir=str(tmp_path)), None).system("pt")["notices"] == []


def test_the_last_verified_backup_stands_beside_the_parts(settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    status = Status(settings, None)
    assert status.system("en")["backup"]["made_at"] is None
    assert "no verified backup" in status.system("en")["backup"]["reason"]

    made = Backup(
        id="b1", file="/srv/one.balcao", made_at=timestamp(), bytes=9, documents=1,
        program="0.7.0", verified_at=timestamp(),
    )  # fmt: skip
    backups.add(settings.data, made)

    told = status.system("en")["backup"]
    assert (told["made_at"], told["reason"]) == (made.made_at, None)


def test_servers_that_vouch_for_people_are_named_when_they_are_away(settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    away = Problem(code="oidc_slow", facts={"issuer": "https://id.example", "seconds": 10})
    status = Status(settings, None, provider=lambda: away)

    told = status.system("en")

    assert told["directory"] is None
    assert told["provider"].startswith("The provider https://id.example did not finish")


@pytest.mark.guarantee("INS-04")
def test_a_certificate_that_ends_soon_is_told_only_where_it_is_shown(settings: Settings) -> None:
    authority = Authority()
    key, one = authority.issue(ends=9.5)
    certificates.install(settings.data, pem(key, one))

    shown_by_itself = Status(msgspec.structs.replace(settings, tls=True), None)

    assert "in 9 day(s)" in shown_by_itself.system("en")["certificate"]
    assert Status(settings, None).system("en")["certificate"] is None
    certificates.make(settings.data, ["balcao.escola.example"])
    assert shown_by_itself.system("en")["certificate"] is None
