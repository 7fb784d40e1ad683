"""No module of this product reads code back from a file, nor does what it uses (SEC-40).

Whether any does while the tests run is watched by ``tests/pickles.py``; what somebody
plants is tried in ``tests/jobs/test_queue.py``.
"""

import ast
import pickle
from pathlib import Path

import pytest

from tests import pickles
from tests.bomb import Bomb

pytestmark = pytest.mark.guarantee("SEC-40")
HOUSE = Path(__file__).parents[1]
MODULES = sorted((HOUSE / "appliance").rglob("*.py"))
# Whoever imports one of these can be made to run what a file says.
IMPORTS = {
    "pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal",
    "diskcache", "jsonpickle", "yaml", "pickletools", "copyreg",
}  # fmt: skip
CALLS = {
    "torch.load", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "LlamaDiskCache",
    "LlamaCache", "set_cache", "read_pickle", "PickleSerializer", "FAISS.load_local", "eval",
    "exec", "__import__",
}  # fmt: skip
FLAGS = {"allow_pickle", "allow_dangerous_deserialization", "trust_remote_code"}


def offences(file: Path) -> list[str]:
    """What in a module reads code back."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                found += [one.name for one in names if one.name.split(".")[0] in IMPORTS]
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in IMPORTS:
                found.append(module)
            case ast.Call(func=func):
                said = ast.unparse(func)
                found += [one for one in CALLS if said == one or said.endswith(f".{one}")]
            case ast.keyword(arg=str(name), value=value) if name in FLAGS:
                found += [] if is_false(value) else [name]
    return found


def is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_no_module_reads_code_back(file: Path) -> None:
    assert offences(file) == []


@pytest.mark.parametrize(
    "line",
    ["import pickle", "from joblib import load", "torch.load(f)", "np.load(f, allow_pickle=True)",
     "yaml.load(f)", "x.load(f, allow_dangerous_deserialization=True)", "llama.set_cache(c)",
     "import marshal as m", "exec(text)"],
)  # fmt: skip
def test_each_way_would_be_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.py").write_text(line)

    assert offences(tmp_path / "a.py") != []


def test_a_pickle_that_goes_off_is_seen_with_who_read_it(tmp_path: Path) -> None:
    bomb = pickle.dumps(Bomb(tmp_path / "executed"))

    with pickles.meant() as uses:
        pickle.loads(bomb)

    assert (tmp_path / "executed").exists()
    assert "pathlib.Path.touch" in {use.what for use in uses}
    assert all(use.files[0] == __file__ for use in uses)
    assert not any(use.allowed for use in uses)


def test_a_use_that_is_not_allowed_is_held_against_the_test() -> None:
    with pickles.meant():
        pickle.loads(pickle.dumps(Bomb))

        assert [use.what for use in pickles.taken()] == ["tests.bomb.Bomb"]
        assert pickles.taken() == []


def test_data_without_code_is_none() -> None:
    with pickles.meant() as uses:
        pickle.loads(pickle.dumps({"a": [1, "b", None]}))

    assert uses == []


def test_everybody_who_may_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in pickles.ALLOWED.values())
