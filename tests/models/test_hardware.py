"""What this machine is: cores, instructions, memory."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.errors import Unavailable
from appliance.models import catalogue, hardware

X86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="reads flags as x86 names them")


def test_there_are_as_many_cores_as_this_process_may_use_at_the_most() -> None:
    assert 1 <= hardware.physical_cores() <= len(os.sched_getaffinity(0))


def test_a_process_tied_to_one_core_has_one() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert hardware.physical_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


def test_the_operators_number_of_threads_wins() -> None:
    assert hardware.threads(3) == 3
    assert hardware.threads(0) == hardware.physical_cores()


def test_what_computes_is_given_large_pages_where_the_kernel_has_any() -> None:
    asks = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    given = asks.exists() and "[never]" not in asks.read_text()
    program = """
import re, numpy
block = numpy.ones(64 << 20, dtype=numpy.uint8)
print(max(map(int, re.findall(r"AnonHugePages: +(\\d+)", open("/proc/self/smaps").read()))))
"""
    kilobytes = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | hardware.LARGE_PAGES,
        capture_output=True,
        check=True,
    ).stdout

    assert (int(kilobytes) > 0) == given


def cpuinfo(folder: Path, flags: str) -> Path:
    file = folder / "cpuinfo"
    file.write_text(f"processor\t: 0\nmodel name\t: x\nflags\t\t: {flags}\n\nprocessor\t: 1\n")
    return file


@X86
def test_a_processor_without_avx2_is_known(tmp_path: Path) -> None:
    assert hardware.has_avx2(cpuinfo(tmp_path, "fpu sse2 avx avx2 fma"))
    assert not hardware.has_avx2(cpuinfo(tmp_path, "fpu sse2 avx"))


def test_a_machine_that_does_not_tell_gets_the_benefit_of_the_doubt(tmp_path: Path) -> None:
    assert hardware.instructions(tmp_path / "missing") == frozenset()
    assert hardware.has_avx2(tmp_path / "missing")


def test_memory_is_the_machines_where_no_group_limits_it(tmp_path: Path) -> None:
    memory = hardware.memory(tmp_path)

    assert 0 < memory.available_mb <= memory.total_mb


def test_a_group_that_says_max_limits_nothing(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("max\n")

    assert hardware.memory(tmp_path).total_mb == hardware.memory(tmp_path / "none").total_mb


def test_a_limited_group_has_its_limit_less_what_it_uses(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{64 << 20}\n")
    (tmp_path / "memory.current").write_text(f"{60 << 20}\n")

    assert hardware.memory(tmp_path) == hardware.Memory(total_mb=64, available_mb=4)


@pytest.mark.parametrize(
    ("flags", "has"),
    [("fpu avx512f avx512_bf16", True), ("fpu amx_bf16", True), ("fpu avx512f avx2", False)],
)
def test_bf16_is_native_only_where_the_processor_says_so(
    tmp_path: Path, flags: str, has: bool
) -> None:
    assert hardware.has_bf16(cpuinfo(tmp_path, flags)) is has
    assert hardware.has_bf16(tmp_path / "no such file") is False


def test_memory_that_is_about_to_become_free_counts_up_to_all_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = catalogue.find("qwen2.5-0.5b-instruct")
    short = hardware.Memory(total_mb=entry.ram_mb, available_mb=entry.ram_mb - 100)
    monkeypatch.setattr(hardware, "memory", lambda: short)
    monkeypatch.setattr(hardware, "has_avx2", lambda: True)

    with pytest.raises(Unavailable) as refused:
        hardware.require(entry, besides=99)
    hardware.require(entry, besides=100)

    assert refused.value.code == "model_too_big"
    assert refused.value.facts["has_mb"] == entry.ram_mb - 1
    tiny = hardware.Memory(total_mb=10, available_mb=5)
    monkeypatch.setattr(hardware, "memory", lambda: tiny)
    with pytest.raises(Unavailable) as refused:
        hardware.require(entry, besides=60_000)
    assert refused.value.facts["has_mb"] == 10
