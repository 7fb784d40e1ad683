"""Models that are pulled or brought: whole, checked, one at a time, and past every cut."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance import outgoing
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NoSpace, NotAllowed, Unreadable
from appliance.jobs import ledger, outcomes, pull
from appliance.jobs.bringing import ModelJobs
from appliance.jobs.queue import Queue
from appliance.jobs.worker import Worker
from appliance.models import catalogue, weights
from appliance.models.catalogue import Entry
from appliance.records import Job
from appliance.settings import Settings
from tests.hosting import Site, site
from tests.jobs.conftest import eventually
from tests.models.runners import PROBE

NAME = "qwen2.5-0.5b-instruct"
ENTRY = catalogue.find(NAME)
E5 = catalogue.find("multilingual-e5-small")
PATH = "/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main/qwen2.5-0.5b-instruct-q4_k_m.gguf"
GGUF = PROBE.read_bytes()
SAFETENSORS = (20).to_bytes(8, "little") + b'{"__metadata__": {}}' + bytes(5000)


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as opened:
        opened.files[PATH] = GGUF
        yield opened


@pytest.fixture
def settings(tmp_path: Path, host: Site) -> Settings:
    return Settings(
        data_dir=str(tmp_path / "data"),
        model_mirrors=host.origin,
        import_folder=str(tmp_path / "stick"),
    )


@pytest.fixture
def worker(database: Database, queue: Queue, settings: Settings) -> Worker:
    models = ModelJobs(settings, database)
    return Worker(database, queue, {pull.PULL: models.pull, pull.IMPORT: models.bring})


def files(settings: Settings) -> list[str]:
    folder = pull.folder_of(settings)
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def done(worker: Worker, kind: str, name: str = NAME) -> Job:
    job = pull.order(worker.database, kind, name)
    worker.run(job.id)
    return ledger.get(worker.database, job.id)


def stated(monkeypatch: pytest.MonkeyPatch, **facts: object) -> Entry:
    """The entry as it would be with these facts in the catalogue."""
    entry = msgspec.structs.replace(ENTRY, **facts)
    monkeypatch.setattr(catalogue, "find", lambda name, kind=None: entry)
    return entry


def test_a_pulled_model_lies_in_its_place_with_its_record(settings, database) -> None:
    record = pull.pull(ENTRY, settings, database)

    assert files(settings) == [ENTRY.file, ENTRY.file + ".json"]
    assert record.sha256 == hashlib.sha256(GGUF).hexdigest()
    weights.verify(ENTRY, pull.folder_of(settings) / ENTRY.file, pull.folder_of(settings))


def test_each_request_of_a_pull_is_written_down(settings, database, host) -> None:
    host.cuts, host.cut_after = 1, 50_000
    pull.pull(ENTRY, settings, database, pause=lambda _: None)

    (day,) = outgoing.entries(database)
    assert (day.origin, day.purpose, day.requests) == (host.origin, "pull", 2)


def test_an_embedder_comes_with_all_its_files(settings, database, host) -> None:
    base = "/intfloat/multilingual-e5-small/resolve/main/"
    host.files |= {base + name: name.encode() for name in E5.files}
    host.files[base + E5.file] = SAFETENSORS

    record = pull.pull(E5, settings, database)

    home = E5.home(pull.folder_of(settings))
    assert (home / "1_Pooling/config.json").read_bytes() == b"1_Pooling/config.json"
    assert set(record.others) == set(E5.files)
    assert weights.there(E5, pull.folder_of(settings))
    weights.verify(E5, home / E5.file, pull.folder_of(settings))
    (home / "config.json").write_text("{}")
    with pytest.raises(Exception, match="does not match"):
        weights.verify(E5, home / E5.file, pull.folder_of(settings))


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 17}])
def test_a_file_that_is_not_the_catalogues_is_refused_and_removed(
    settings, database, wrong
) -> None:
    entry = msgspec.structs.replace(ENTRY, **wrong)

    with pytest.raises(Unreadable) as refused:
        pull.pull(entry, settings, database)

    assert refused.value.code == "model_checksum"
    assert files(settings) == []


def test_a_file_that_is_not_what_its_host_announced_is_refused(settings, database, host) -> None:
    host.files["/cdn"] = host.files.pop(PATH)
    host.redirects[PATH] = "/cdn"
    host.headers["X-Linked-Etag"] = f'"{"ab" * 32}"'

    with pytest.raises(Unreadable, match="does not match"):
        pull.pull(ENTRY, settings, database)


def test_a_page_in_place_of_a_model_is_refused(settings, database, host) -> None:
    host.files[PATH] = b"<!doctype html><title>Sign in to the network</title>"

    with pytest.raises(Unreadable, match="not a GGUF"):
        pull.pull(ENTRY, settings, database)
    assert files(settings) == []


def test_the_next_mirror_is_asked_where_one_has_nothing(settings, database, host) -> None:
    with site() as empty:
        both = msgspec.structs.replace(settings, model_mirrors=f"{empty.origin} {host.origin}")
        pull.pull(ENTRY, both, database)

    assert len(empty.asked) == len(host.asked) == 1


def test_a_mirror_that_sends_elsewhere_is_not_followed(settings, database, host) -> None:
    with site() as elsewhere:
        host.redirects[PATH] = f"{elsewhere.origin}/m"
        with pytest.raises(NotAllowed) as refused:
            pull.pull(ENTRY, settings, database)
        assert elsewhere.asked == []

        elsewhere.files["/m"] = GGUF
        opened = msgspec.structs.replace(settings, open_hosts=elsewhere.origin)
        pull.pull(ENTRY, opened, database)

    assert refused.value.facts == {"origin": elsewhere.origin}


def test_without_a_mirror_the_source_and_its_hosts_are_open_and_nothing_else(database) -> None:
    gate = pull.gate(ENTRY, Settings(), database)

    assert gate.opened == frozenset()
    assert "https://huggingface.co" in gate.public
    assert "https://cas-bridge.xethub.hf.co" in gate.public
    assert all(origin.startswith("https://") for origin in gate.public)


def test_a_model_without_a_source_is_only_imported(settings, database) -> None:
    with pytest.raises(Unreadable, match="no address"):
        pull.pull(catalogue.find("bge-m3"), settings, database)


def test_a_full_disk_is_noticed_before(settings, database, monkeypatch) -> None:
    monkeypatch.setattr(weights, "SPARE_BYTES", 1 << 60)

    with pytest.raises(NoSpace):
        pull.pull(ENTRY, settings, database)


def test_the_same_model_is_not_pulled_twice_at_once(settings, database, host) -> None:
    host.stall = threading.Event()
    first = threading.Thread(target=pull.pull, args=(ENTRY, settings, database))
    first.start()
    eventually(lambda: bool(host.asked))

    with pytest.raises(Conflict) as refused:
        pull.pull(ENTRY, settings, database)
    with pytest.raises(Conflict):
        pull.discard(ENTRY, pull.folder_of(settings))

    host.stall.set()
    first.join()
    assert refused.value.code == "pull_already_running"
    assert weights.there(ENTRY, pull.folder_of(settings))


@pytest.mark.crash
def test_a_killed_pull_goes_on_where_it_was(settings, database, host) -> None:
    host.stall = threading.Event()
    program = (
        "from appliance import settings; from appliance.database import Database\n"
        "from appliance.jobs import pull; from appliance.models import catalogue\n"
        "from appliance.jobs import download; download.SYNC_BYTES = 1\n"
        "s = settings.load(); d = Database(s.data / 'appliance.db')\n"
        f"pull.pull(catalogue.find({NAME!r}), s, d)\n"
    )
    environment = os.environ | {
        "APPLIANCE_DATA_DIR": settings.data_dir,
        "APPLIANCE_MODEL_MIRRORS": host.origin,
    }
    child = subprocess.Popen([sys.executable, "-c", program], env=environment)
    note = pull.partial(ENTRY, pull.folder_of(settings)) / (ENTRY.file + ".note")
    eventually(lambda: note.exists() and b'"done":1000' in note.read_bytes())
    child.send_signal(signal.SIGKILL)
    child.wait()
    host.stall.set()
    host.stall = None

    assert pull.fetched(ENTRY, pull.folder_of(settings)) >= 1000
    pull.pull(ENTRY, settings, database)

    assert host.parts_asked == [None, "bytes=1000-"]
    assert (pull.folder_of(settings) / ENTRY.file).read_bytes() == GGUF


def test_a_job_pulls_a_model_and_tells_its_bytes(worker, settings) -> None:
    job = done(worker, "pull")

    assert (job.state, job.done, job.total, job.unit) == (
        "succeeded", job.done, len(GGUF), "bytes",
    )  # fmt: skip
    assert weights.there(ENTRY, pull.folder_of(settings))


def test_a_job_that_was_refused_fails_with_the_reason(worker, host) -> None:
    host.statuses = [404]

    job = done(worker, "pull")

    assert (job.state, job.attempts) == ("failed", 1)
    assert job.problem is not None
    assert job.problem.code == "source_refuses"


def test_a_cancelled_pull_keeps_what_it_has_and_a_retry_goes_on(
    worker, settings, host, monkeypatch
) -> None:
    monkeypatch.setattr("appliance.jobs.watch.TOLD_EVERY_SECONDS", 0.0)
    real = ledger.progress

    def cancelling(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        (watch,) = worker.watches
        outcomes.cancel(worker.database, watch.job.id)
        watch.look()

    monkeypatch.setattr(ledger, "progress", cancelling)
    job = done(worker, "pull")
    kept = pull.fetched(ENTRY, pull.folder_of(settings))
    monkeypatch.setattr(ledger, "progress", real)
    again = outcomes.retry(worker.database, job.id)
    worker.run(again.id)

    assert job.state == "cancelled"
    assert 0 < kept < len(GGUF)
    assert ledger.get(worker.database, job.id).state == "succeeded"
    assert host.parts_asked[1] == f"bytes={kept}-"


def test_a_second_order_for_the_same_model_is_refused(worker) -> None:
    pull.order(worker.database, "pull", NAME)

    with pytest.raises(Conflict):
        pull.order(worker.database, "import", NAME)


def test_another_model_waits_for_its_turn_so_that_documents_have_theirs(worker, host) -> None:
    host.stall = threading.Event()
    first = pull.order(worker.database, "pull", NAME)
    thread = threading.Thread(target=worker.run, args=(first.id,))
    thread.start()
    eventually(lambda: bool(host.asked))

    second = done(worker, "pull", "qwen2.5-1.5b-instruct")
    host.stall.set()
    thread.join()

    assert (second.state, second.attempts) == ("queued", 0)
    assert second.problem is not None
    assert second.problem.code == "pull_waits"


def test_a_model_is_brought_from_the_import_folder(worker, settings) -> None:
    stick = Path(settings.import_folder)
    stick.mkdir()
    (stick / ENTRY.file).write_bytes(GGUF)

    assert done(worker, "import").state == "succeeded"
    assert weights.there(ENTRY, pull.folder_of(settings))


def test_an_embedders_folder_is_brought_whole_or_not_at_all(worker, settings) -> None:
    home = Path(settings.import_folder) / E5.name
    (home / "1_Pooling").mkdir(parents=True)
    for name in E5.files[1:]:
        (home / name).write_text("{}")
    (home / E5.file).write_bytes(SAFETENSORS)

    job = done(worker, "import", E5.name)
    assert job.problem is not None
    assert job.problem.facts == {"file": E5.files[0]}
    assert files(settings) == []

    (home / E5.files[0]).write_text("[]")
    assert done(worker, "import", E5.name).state == "succeeded"
    assert weights.there(E5, pull.folder_of(settings))


def test_what_is_not_in_the_import_folder_is_missed_by_name(worker) -> None:
    job = done(worker, "import")

    assert job.problem is not None
    assert job.problem.code == "model_not_brought"


def test_a_link_out_of_the_import_folder_brings_nothing(settings, tmp_path) -> None:
    stick = Path(settings.import_folder)
    stick.mkdir()
    (tmp_path / "secret").write_bytes(GGUF)
    (stick / ENTRY.file).symlink_to(tmp_path / "secret")

    assert pull.brought(ENTRY, settings) is None


def test_a_removed_model_leaves_nothing(settings, database) -> None:
    pull.pull(ENTRY, settings, database)
    folder = pull.folder_of(settings)

    assert pull.discard(ENTRY, folder)
    assert files(settings) == []
    assert not pull.discard(ENTRY, folder)


def test_a_model_of_the_installation_is_not_removed(settings) -> None:
    with pytest.raises(BadRequest):
        pull.discard(catalogue.find("minilm"), pull.folder_of(settings))


def test_a_mirror_keeps_the_path_of_the_source() -> None:
    mirrored = Settings(model_mirrors="http://mirror.lan:8000/hf/ https://other.lan")

    assert pull.addresses(ENTRY, Settings()) == [ENTRY.source]
    assert pull.addresses(ENTRY, mirrored) == [
        "http://mirror.lan:8000/hf/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main",
        "https://other.lan/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main",
    ]


def test_with_mirrors_the_source_itself_is_closed(database) -> None:
    gate = pull.gate(ENTRY, Settings(model_mirrors="https://mirror.lan"), database)

    assert gate.opened == {"https://mirror.lan"}
    assert gate.public == frozenset()


def test_a_pull_is_not_done_again_while_another_brings_the_same_model(worker, host) -> None:
    host.statuses = [404]
    failed = done(worker, "pull")
    pull.order(worker.database, "import", NAME)

    with pytest.raises(Conflict) as refused:
        outcomes.retry(worker.database, failed.id)

    assert refused.value.code == "job_already_queued"


def test_a_model_that_left_the_catalogue_is_not_tried_again(worker) -> None:
    failed = done(worker, "pull", "gpt-17")

    assert failed.problem is not None
    assert failed.problem.code == "unknown_model"
    assert not pull.begin_again(worker.database, failed)


def test_a_pulled_file_replaces_the_one_before(settings, database, host) -> None:
    pull.pull(ENTRY, settings, database)
    host.files[PATH] = GGUF + b"newer"
    record = pull.pull(ENTRY, settings, database)

    assert record.size == len(GGUF) + 5
    weights.verify(ENTRY, pull.folder_of(settings) / ENTRY.file, pull.folder_of(settings))
