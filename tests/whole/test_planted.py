"""What somebody plants in the folders of an appliance never runs (SEC-40).

The bombs of ``tests/bomb.py``, as pickles and as what torch, numpy and joblib would open: in
the queue, in place of every file of every cache, beside the models, in the folder of secrets,
in the settings' folder and in the caches of the account's own home. A real appliance starts
over them, with its model, and does its work.
"""

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.jobs.queue import Queue
from tests import pickles
from tests.bomb import Bomb
from tests.whole.running import Running, eventually
from tests.whole.test_generate import COPYIST, ask, library, ready

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("SEC-40")]

CACHES = ("index", "pictures", "crawls", "scratch", "models/prefixes")  # of the data folder
NAMES = (
    "cache.pkl", "pytorch_model.bin", "model.joblib", "docstore.pkl", "index.pkl", "cache.db",
    "data.npy", "checkpoint.pt", "state.dill",
)  # fmt: skip
HOMES = (
    ".cache/huggingface/hub", ".cache/torch/sentence_transformers", ".cache/torch/hub/checkpoints",
    ".cache/llama-cpp-python", ".cache/diskcache", ".cache/langchain", ".config/matplotlib",
)  # fmt: skip


def dressed(mark: Path) -> dict[str, bytes]:
    """The bomb as each reader of such files expects it."""
    plain = pickle.dumps(Bomb(mark))
    array = io.BytesIO()
    np.save(array, np.array([Bomb(mark)], dtype=object), allow_pickle=True)
    torch = io.BytesIO()
    with zipfile.ZipFile(torch, "w") as archive:
        archive.writestr("archive/data.pkl", plain)
        archive.writestr("archive/version", "3\n")
    return {".npy": array.getvalue(), ".pt": torch.getvalue(), ".bin": torch.getvalue()} | {
        ".pkl": plain
    }


def plant(folder: Path, mark: Path) -> int:
    """Put a bomb into every file that is in a folder, and more beside them; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    bombs = dressed(mark)
    there = [path for path in folder.rglob("*") if path.is_file()]
    for path in [*there, *(folder / name for name in NAMES)]:
        path.write_bytes(bombs.get(path.suffix, bombs[".pkl"]))
    return len(there)


def appliance_in(tmp_path: Path) -> Running:
    """With a home and a settings folder of its own."""
    home, place = tmp_path / "home", tmp_path / "place"
    place.mkdir(exist_ok=True)
    checkout = Path(__file__).parents[2]
    return Running(
        tmp_path / "data",
        folder=place,
        PYTHONPATH=str(checkout),
        HOME=str(home),
        XDG_CACHE_HOME=str(home / ".cache"),
        APPLIANCE_LANGUAGE_MODEL=f"copyist={COPYIST}",
    )


def test_an_appliance_works_over_planted_bombs_and_none_goes_off(tmp_path: Path) -> None:
    mark, data = tmp_path / "executed", tmp_path / "data"
    appliance = appliance_in(tmp_path)
    appliance.start()
    try:
        appliance.with_key()
        assistant = library(appliance)
        ready(appliance)
        before = ask(appliance, assistant)
        key = appliance.client.headers["authorization"]
    finally:
        appliance.stop()

    replaced = {name: plant(data / name, mark) for name in CACHES}
    for name in ("models", "secrets", "answering"):
        beside(data / name, mark)
    beside(data, mark)
    beside(tmp_path / "place", mark)
    for name in HOMES:
        plant(tmp_path / "home" / name, mark)
    queue = Queue(data / "queue.db")
    for bomb in dressed(mark).values():
        queue._huey.storage.enqueue(bomb)
    queue.close()

    again = appliance_in(tmp_path)
    again.client.headers["authorization"] = key
    again.start()
    try:
        ready(again)
        answer = eventually(lambda: found(again, assistant), "nothing is found any more")
        collection = again.client.get(f"/api/assistants/{assistant}").json()["collections"][0]
        document = again.read(again.upload(collection, "novo.txt", b"A sala 7 fecha aos domingos."))
    finally:
        again.stop()

    assert not mark.exists()
    assert document["state"] == "ready"
    assert answer["answer"] == before["answer"]
    assert replaced["index"] > 0


def beside(folder: Path, mark: Path) -> None:
    """Put bombs beside what is there, which stays as it is."""
    if folder.is_dir():
        for name in NAMES:
            (folder / name).write_bytes(dressed(mark)[".pkl"])


def found(appliance: Running, assistant: str) -> dict[str, Any] | None:
    answer = ask(appliance, assistant)
    return answer if answer["state"] == "answered" and answer["mode"] == "generate" else None


def test_each_bomb_would_go_off(tmp_path: Path) -> None:
    """Without this, the test above would pass with duds."""
    mark = tmp_path / "executed"
    with pickles.meant():
        for suffix, content in dressed(mark).items():
            if suffix == ".npy":
                np.load(io.BytesIO(content), allow_pickle=True)
            elif suffix == ".pkl":
                pickle.loads(content)
            else:
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    pickle.loads(archive.read("archive/data.pkl"))
            assert mark.exists(), suffix
            mark.unlink()
