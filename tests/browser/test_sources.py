"""A shared folder's way through the console, before the real appliance: named, tried dry,
brought in, lost, held, decided, and a document restored from the trash."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep
from tests.browser.test_walk import set_up
from tests.whole.running import Running

pytestmark = pytest.mark.browser


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A folder with the minutes of three meetings."""
    share = tmp_path / "mnt" / "atas"
    share.mkdir(parents=True)
    for month in ("janeiro", "fevereiro", "março"):
        write(share / f"Ata de {month}.md", f"# Ata de {month}\n\nO conselho aprovou {month}.\n")
    return share


@pytest.fixture
def appliance(tmp_path: Path, share: Path) -> Iterator[Running]:
    """A started appliance whose administrator opened the folder above it."""
    started = Running(tmp_path / "data", APPLIANCE_SOURCE_FOLDERS=str(share.parent))
    started.start()
    yield started
    started.stop()


def write(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, (time.time() - 3600, time.time() - 3600))


def test_a_folder_is_named_tried_brought_in_held_and_decided(
    page: Page, appliance: Running, share: Path
) -> None:
    set_up(page, appliance)
    appliance.with_key()
    appliance.client.post("/api/collections", json={"name": "Atas"})
    page.get_by_role("link", name="Fontes").click()
    expect(page.get_by_text("Ainda não há fontes")).to_be_visible()
    keep(page, "sources-1-nothing")

    page.get_by_role("button", name="Adicionar fonte").click()
    page.get_by_label("Caminho da pasta").fill(str(share))
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Ainda não lida")).to_be_visible()

    page.get_by_role("button", name="Simular").click()
    row = page.get_by_role("row", name="Ata de março.md")
    expect(row).to_contain_text("Viria", timeout=60_000)
    keep(page, "sources-2-dry-run")

    page.get_by_role("button", name="Atualizar agora").click()
    expect(page.get_by_text("Em dia")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name="Ata de março.md")).to_contain_text("Novo")
    keep(page, "sources-3-brought-in")

    for file in share.iterdir():
        file.unlink()
    page.get_by_role("button", name="Atualizar agora").click()
    asked = page.get_by_role("heading", name="Nada foi removido. O que fazer?")
    expect(asked).to_be_visible(timeout=60_000)
    keep(page, "sources-4-held")

    page.get_by_role("button", name="Está certo: remover 3").click()
    page.get_by_role("dialog").get_by_role("button", name="Está certo: remover 3").click()
    expect(page.get_by_text("Em dia")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name="Ata de março.md")).to_contain_text("Removido")

    page.get_by_role("link", name="Todas as fontes").click()
    page.get_by_role("link", name="Lixeira").click()
    page.get_by_role("button", name="Restaurar Ata de março").click()
    expect(page.get_by_role("status")).to_contain_text("“Ata de março” voltou")
    keep(page, "sources-5-restored")
