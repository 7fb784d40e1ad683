"""A bad build of llama.cpp is found out in a child that may die of it."""

import signal
import sys
from pathlib import Path

import pytest

from appliance.errors import Unavailable
from appliance.models import probe, throwaway


def interpreter(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the probe's child be a shell script instead of Python."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


def test_this_build_decodes_on_this_processor() -> None:
    assert probe.run().status == 0


def test_a_build_that_crashes_is_a_sentence_with_the_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter(tmp_path, monkeypatch, "kill -SEGV $$")

    assert probe.run().status == -signal.SIGSEGV
    with pytest.raises(Unavailable) as refusal:
        probe.fallbacks()
    assert refusal.value.code == "engine_crashes"
    assert refusal.value.facts == {"reason": "SIGSEGV"}


def test_a_build_that_works_without_the_matrix_unit_is_used_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter(tmp_path, monkeypatch, 'case "$*" in *--plain) exit 0;; esac; kill -ILL $$')

    assert probe.fallbacks() == ("plain",)


def test_a_build_that_works_needs_no_fallback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter(tmp_path, monkeypatch, "exit 0")

    assert probe.fallbacks() == ()


def test_a_child_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter(tmp_path, monkeypatch, "exec sleep 600")

    assert probe.run(seconds=0.2).status == -signal.SIGKILL


def test_an_exit_code_is_said_in_words() -> None:
    assert throwaway.Ended(1, b"").reason == "exit 1"
    assert throwaway.Ended(-signal.SIGILL, b"").reason == "SIGILL"
