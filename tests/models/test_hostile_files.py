"""A file of weights is not believed: its template is never read, and what it claims kills
nothing but the runner (SEC-42)."""

import ast
from pathlib import Path

import pytest

from appliance.models import Prompt, Sampling, Turn, catalogue
from appliance.models.language import Language
from appliance.models.weights import import_file
from tests.models.make_probe import make, misaligned
from tests.models.runners import MISTRAL, running, settled, until

pytestmark = pytest.mark.guarantee("SEC-42")
HOUSE = Path(__file__).parents[2]
ASKED = Prompt(system="Seja breve.", turns=(Turn(role="user", text="Qual é o prazo?"),))


def hostile(mark: Path) -> str:
    """A template that climbs out of Jinja and makes a file."""
    climb = "''.__class__.__mro__[1].__subclasses__()"
    return (
        "{% for one in " + climb + " %}{% if one.__name__ == '_wrap_close' %}"
        "{{ one.__init__.__globals__['system']('touch " + str(mark) + "') }}"
        "{% endif %}{% endfor %}{{ messages }}"
    )


def test_such_a_template_would_run_where_a_template_is_rendered(tmp_path: Path) -> None:
    import jinja2

    jinja2.Template(hostile(tmp_path / "executed")).render(messages=[])

    assert (tmp_path / "executed").exists()


def test_the_template_of_a_file_is_never_read_and_prompts_are_laid_out_by_ours(
    tmp_path: Path,
) -> None:
    mark, said = tmp_path / "executed", []
    for place, template in (("plain", ""), ("hostile", hostile(mark))):
        file = make(tmp_path / f"{place}.gguf", context=512, endless=True, chat_template=template)
        import_file(file, MISTRAL, tmp_path / place / "models")
        with running(tmp_path / place, "--language", MISTRAL) as (client, child):
            assert until(client, settled).language.state == "ready"
            assert client.generator is not None
            said.append("".join(client.generator.generate(ASKED, Sampling(max_tokens=12))))
            assert child.state.restarts == 0

    assert hostile(mark).encode() in (tmp_path / "hostile.gguf").read_bytes()
    assert said[0] == said[1] != ""
    assert not mark.exists()


@pytest.mark.parametrize("alignment", [2**31, 3])
def test_an_alignment_that_cannot_be_is_a_reason_and_the_runner_lives(
    tmp_path: Path, alignment: int
) -> None:
    import_file(misaligned(tmp_path / "m.gguf", alignment), MISTRAL, tmp_path / "models")

    with running(tmp_path, "--language", MISTRAL) as (client, child):
        part = until(client, settled).language
        assert part.state == "failed"
        assert part.problem is not None
        assert part.problem.code == "model_unreadable"
        assert client.embedder.embed(["a busca continua"]).shape == (1, 384)
        assert child.state.restarts == 0


def test_a_file_that_was_not_imported_is_refused_before_llama_cpp_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / catalogue.find(MISTRAL).file, chat_template=hostile(tmp_path / "executed"))
    monkeypatch.setattr("appliance.models.llama.LlamaModel", None)  # calling it would be another
    language = Language(MISTRAL, tmp_path, threads=1)

    part = language._load()

    assert part.problem is not None
    assert part.problem.code == "model_not_imported"


def test_nothing_in_the_product_renders_a_template_of_a_file() -> None:
    """Of llama-cpp-python only the C functions are used: its ``Llama`` compiles every
    template it finds."""
    used, imported = set(), set()
    for file in (HOUSE / "appliance").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id="llama_cpp"), attr=name):
                    used.add(name)
                case ast.Import(names=names):
                    imported |= {one.name for one in names}
                case ast.ImportFrom(module=str(module)):
                    imported.add(module)

    assert used
    assert {
        name
        for name in used
        if not name.startswith(("llama_", "ggml_", "LLAMA_", "GGML_")) and name != "__version__"
    } == set()
    assert not {name for name in imported if name.startswith(("jinja2", "llama_cpp."))}
