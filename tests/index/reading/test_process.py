"""The house listening to a reader: its frames, its clock and its end."""

import io
import os
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import process, wire
from appliance.index.reading.process import Reader
from appliance.index.reading.wire import FrameName, Outline, Refused, Request
from appliance.records import Page

OUTLINE = Outline(pages=1, title=None, paged=True)


def frames(*sent: tuple[FrameName, object]) -> bytes:
    stream = io.BytesIO()
    for name, value in sent:
        wire.send(stream, name, value)
    return stream.getvalue()


class Stage:
    """Puts a program of the shell in the reader's place; its {file} holds what it may write."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = folder / "frames"
        self.monkeypatch = monkeypatch

    def reader(self, script: str, written: bytes = b"", *, seconds: int = 20) -> Reader:
        self.file.write_bytes(written)
        line = ["/bin/sh", "-c", script.replace("{file}", str(self.file))]

        def started(path: Path, request: Request) -> "subprocess.Popen[bytes]":
            return subprocess.Popen(line, stdout=subprocess.PIPE, process_group=0)

        self.monkeypatch.setattr(process, "_started", started)
        request = Request(
            task="read",
            descriptor=-1,
            parent=os.getpid(),
            media_type="text/plain",
            name="a.txt",
            memory_mb=512,
            seconds=seconds,
        )
        return Reader(self.file, request)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path, monkeypatch)


def refusal_of(reader: Reader) -> Unreadable:
    with reader, pytest.raises(Unreadable) as refusal:
        list(reader.frames())
    return refusal.value


def test_what_comes_after_the_end_is_not_listened_to(stage: Stage) -> None:
    with stage.reader("cat {file}", frames(("end", None), ("outline", OUTLINE))) as reader:
        assert list(reader.frames()) == []


def test_a_frame_of_many_pipefuls_arrives_whole(stage: Stage) -> None:
    page = Page(number=1, how="digital", text="palavra " * 300_000)

    with stage.reader("cat {file}", frames(("page", page), ("end", None))) as reader:
        assert list(reader.frames()) == [page]


def test_a_frame_that_comes_in_pieces_is_one(stage: Stage) -> None:
    script = "head -c 3 {file}; sleep 0.1; tail -c +4 {file}"

    with stage.reader(script, frames(("outline", OUTLINE), ("end", None))) as reader:
        assert list(reader.frames()) == [OUTLINE]


def test_bytes_that_are_no_frame_are_a_crash_of_the_reader(stage: Stage) -> None:
    assert refusal_of(stage.reader("echo nonsense")).code == "reader_crashed"


def test_a_reader_that_ends_without_saying_so_has_crashed(stage: Stage) -> None:
    assert refusal_of(stage.reader("cat {file}", frames(("outline", OUTLINE)))).code == (
        "reader_crashed"
    )


def test_a_fault_of_the_parser_is_named_and_nothing_more(stage: Stage) -> None:
    refusal = refusal_of(stage.reader("cat {file}", frames(("crash", "KeyError"))))

    assert refusal.facts == {"name": "a.txt", "reason": "KeyError"}


def test_a_refusal_keeps_its_code_and_its_facts(stage: Stage) -> None:
    refused = Refused(kind="Unreadable", code="too_long", facts={"name": "a.txt", "limit": 5})

    refusal = refusal_of(stage.reader("cat {file}", frames(("refusal", refused))))

    assert (refusal.code, refusal.facts["limit"]) == ("too_long", 5)


def test_a_page_that_is_not_there_stays_a_page_that_is_not_there(stage: Stage) -> None:
    refused = Refused(kind="NotFound", code="no_such_page", facts={"name": "a", "page": 9})

    with (
        stage.reader("cat {file}", frames(("refusal", refused))) as reader,
        pytest.raises(NotFound),
    ):
        list(reader.frames())


def test_a_reader_that_says_nothing_in_its_time_is_too_slow(stage: Stage) -> None:
    assert refusal_of(stage.reader("exec sleep 60", seconds=1)).code == "too_slow"


def test_a_reader_that_always_says_something_ends_with_the_time_of_the_whole(stage: Stage) -> None:
    script = "while :; do cat {file}; sleep 0.05; done"
    reader = stage.reader(script, frames(("outline", OUTLINE)))
    reader.allow(0.5)

    with reader, pytest.raises(Unreadable) as refusal:
        for _ in reader.frames():
            pass

    assert refusal.value.code == "too_slow"


def test_leaving_ends_the_reader_and_leaves_nothing_of_it(stage: Stage) -> None:
    with stage.reader("exec sleep 60") as reader:
        pid = reader.process.pid

    assert not psutil.pid_exists(pid)


def test_leaving_ends_a_reader_that_is_halted(stage: Stage) -> None:
    with stage.reader("kill -STOP $$; exec sleep 60") as reader:
        pid = reader.process.pid
        until = time.monotonic() + 10
        while psutil.Process(pid).status() != psutil.STATUS_STOPPED and time.monotonic() < until:
            time.sleep(0.01)

    assert not psutil.pid_exists(pid)
