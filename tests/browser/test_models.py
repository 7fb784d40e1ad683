"""A model's way through the console, before the real appliance: sent, used, measured, left."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from appliance.models import catalogue
from tests.browser.conftest import keep
from tests.browser.test_walk import set_up
from tests.models import make_probe
from tests.whole.running import Running

pytestmark = pytest.mark.browser
RUNNER = "appliance.models.runner"
NAME = "qwen2.5-0.5b-instruct"
MARKS = ("<s>", "</s>", "<|im_start|>", "<|im_end|>")  # of its template


def confirm(page: Page, action: str) -> None:
    """Say yes to what the page asks."""
    page.get_by_role("dialog").get_by_role("button", name=action).click()


def test_a_model_is_sent_used_measured_and_left_without_a_restart(
    page: Page, appliance: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_probe, "MARKS", MARKS)
    file = make_probe.make(tmp_path / "baixado.gguf")
    set_up(page, appliance)
    page.get_by_role("link", name="Modelos").click()
    row = page.get_by_role("row", name=NAME)
    expect(page.get_by_text("Nenhum modelo: as respostas são frases citadas")).to_be_visible()
    runner = appliance.child(RUNNER)
    assert runner
    keep(page, "models-1-nothing")

    photo = tmp_path / "foto.gguf"
    photo.write_bytes(b"\x89PNG" * 9000)
    chosen = page.get_by_label(f"Enviar o arquivo de {NAME}")
    chosen.set_input_files(photo)
    expect(row.get_by_role("alert")).to_contain_text("foto.gguf não é um arquivo GGUF")
    row.scroll_into_view_if_needed()
    keep(page, "models-2-wrong-file")
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser's note of the refusal

    chosen.set_input_files(file)
    expect(row.get_by_text("No servidor")).to_be_visible()
    assert (appliance.data / "models" / catalogue.find(NAME).file).read_bytes() == file.read_bytes()

    page.get_by_role("button", name=f"Usar {NAME}").click()
    confirm(page, "Usar")
    expect(page.get_by_text(f"“{NAME}” escreve as respostas.")).to_be_visible(timeout=90_000)
    assert appliance.child(RUNNER) == runner
    keep(page, "models-3-in-use")

    page.get_by_role("button", name=f"Medir {NAME}").click()
    confirm(page, "Medir")
    expect(row.get_by_text("Medindo:")).to_be_visible()
    keep(page, "models-4-measuring")
    page.get_by_role("button", name=f"Parar de medir {NAME}").click()
    expect(page.get_by_role("button", name=f"Medir {NAME}")).to_be_visible()

    page.get_by_role("button", name="Deixar de usar").click()
    confirm(page, "Deixar de usar")
    page.get_by_role("button", name=f"Excluir {NAME}").click()
    confirm(page, "Excluir")
    expect(row.get_by_text("Não está aqui")).to_be_visible()
    assert not list((appliance.data / "models").glob(".*.upload"))
