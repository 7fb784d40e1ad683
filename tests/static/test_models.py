"""The models page before the preview: models come in, write the answers, and are measured."""

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

pytestmark = pytest.mark.browser
SMALL, LARGE = "qwen2.5-0.5b-instruct", "mistral-7b-instruct-v0.3"


def test_models_are_fetched_stopped_imported_and_removed(page: Page, server: str):
    page.goto(f"{server}/#/models")
    small = page.get_by_role("row", name="qwen2.5-0.5b-instruct")
    page.get_by_role("button", name="Baixar qwen2.5-0.5b-instruct").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("https://huggingface.co")).to_be_visible()
    asked.get_by_role("button", name="Baixar").click()
    expect(small.get_by_role("progressbar")).to_be_visible()

    page.get_by_role("button", name="Parar de trazer qwen2.5-0.5b-instruct").click()
    expect(small.get_by_text("10 MB já vieram")).to_be_visible()
    page.get_by_role("button", name="Importar qwen2.5-0.5b-instruct").click()
    expect(small.get_by_text("No servidor")).to_be_visible()
    page.get_by_role("button", name="Excluir qwen2.5-0.5b-instruct").click()
    page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
    expect(small.get_by_text("Não está aqui")).to_be_visible()


def test_a_model_says_why_it_did_not_come_and_what_does_not_fit(page: Page, server: str):
    page.goto(f"{server}/#/models")

    failed = page.get_by_role("row", name="qwen2.5-7b-instruct")
    expect(failed.get_by_text("caiu várias vezes")).to_be_visible()
    expect(failed.get_by_role("button", name="Continuar a trazer")).to_have_text("Continuar")
    large = page.get_by_role("row", name="mistral-nemo-instruct-2407")
    expect(large.get_by_text("mais do que este servidor tem")).to_be_visible()
    used = page.get_by_role("row", name="mistral-7b-instruct-v0.3")
    expect(used.get_by_text("em uso")).to_be_visible()
    expect(used.get_by_role("button", name="Excluir")).to_have_count(0)


def test_what_the_engine_survived_is_told_below_what_writes(page: Page, server: str):
    page.goto(f"{server}/#/models")

    page.get_by_text("O motor se recuperou de problemas (1)").click()

    expect(page.get_by_text("estava danificado e foi lido de novo")).to_be_visible()


def confirm(page: Page, action: str) -> None:
    """Say yes to what the page asks."""
    page.get_by_role("dialog").get_by_role("button", name=action).click()


def offered(name: str, content: bytes) -> FilePayload:
    """A file that somebody has on their computer."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_another_model_is_used_and_the_page_follows_until_it_is_ready(page: Page, server: str):
    page.goto(f"{server}/#/models")
    writes = page.get_by_role("region", name="Quem escreve as respostas")
    expect(writes.get_by_text(f"“{LARGE}” escreve as respostas.")).to_be_visible()
    page.get_by_role("button", name=f"Importar {SMALL}").click()
    page.get_by_role("button", name=f"Usar {SMALL}").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("enquanto ele carrega, as respostas são citações")).to_be_visible()
    confirm(page, "Usar")

    expect(writes.get_by_text(f"“{SMALL}” escreve as respostas.")).to_be_visible()
    expect(page.get_by_role("row", name=SMALL).get_by_text("em uso")).to_be_visible()
    expect(page.get_by_role("button", name=f"Usar {LARGE}")).to_be_visible()


def test_why_a_model_is_not_used_stays_on_the_page(page: Page, server: str):
    reason = "O modelo precisa de 9500 MB de memória e há 5300 MB livres."
    refusal = {"code": "model_too_big", "status": 503, "detail": reason}
    page.route("**/use", lambda route: route.fulfill(status=503, json=refusal))
    page.goto(f"{server}/#/models")
    page.get_by_role("button", name="Deixar de usar").click()
    confirm(page, "Deixar de usar")
    expect(page.get_by_text(reason)).to_be_visible()

    page.request.post(f"{server}/api/models/{SMALL}/check")  # by somebody else
    expect(page.get_by_role("row", name=SMALL).get_by_text("Medindo")).to_be_visible()
    expect(page.get_by_text(reason)).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  # the browser's note of the refusal


def test_who_thinks_better_of_it_changes_nothing(page: Page, server: str):
    page.goto(f"{server}/#/models")
    page.get_by_role("button", name="Deixar de usar").click()
    page.keyboard.press("Escape")

    expect(page.get_by_text(f"“{LARGE}” escreve as respostas.")).to_be_visible()


def test_the_server_can_write_no_answers_and_take_the_same_model_again(page: Page, server: str):
    page.goto(f"{server}/#/models")
    page.get_by_role("button", name="Deixar de usar").click()
    confirm(page, "Deixar de usar")
    expect(page.get_by_text("Nenhum modelo: as respostas são frases citadas")).to_be_visible()

    page.get_by_role("button", name=f"Usar “{LARGE}” de novo").click()
    confirm(page, "Usar")
    expect(page.get_by_text(f"“{LARGE}” escreve as respostas.")).to_be_visible()


def test_a_measurement_shows_its_progress_and_then_how_many_it_serves(page: Page, server: str):
    page.goto(f"{server}/#/models")
    page.get_by_role("button", name=f"Importar {SMALL}").click()
    small = page.get_by_role("row", name=SMALL)
    page.get_by_role("button", name=f"Medir {SMALL}").click()
    confirm(page, "Medir")

    expect(small.get_by_text("Medindo: 1 de 4")).to_be_visible()
    expect(page.get_by_role("button", name=f"Parar de medir {SMALL}")).to_be_visible()
    expect(small.get_by_text("Atende bem até 4 pessoas ao mesmo tempo")).to_be_visible()
    expect(small.get_by_text("usou 5,1 GB de memória")).to_be_visible()
    expect(small.get_by_role("progressbar")).to_have_count(0)


def test_a_file_is_sent_from_this_computer_in_pieces(page: Page, server: str):
    page.goto(f"{server}/#/models")
    sent: list[int] = []
    page.on("request", lambda asked: asked.method == "PUT" and sent.append(1))
    chosen = page.get_by_label(f"Enviar o arquivo de {SMALL}")
    chosen.set_input_files(offered("qwen.gguf", b"GGUF" + bytes(10_000)))

    expect(page.get_by_role("row", name=SMALL).get_by_text("No servidor")).to_be_visible()
    assert len(sent) == 3


def test_a_wrong_file_is_refused_in_its_row_and_another_can_be_chosen(page: Page, server: str):
    page.goto(f"{server}/#/models")
    small = page.get_by_role("row", name=SMALL)
    chosen = page.get_by_label(f"Enviar o arquivo de {SMALL}")
    chosen.set_input_files(offered("foto.gguf", b"PNG" * 2000))
    expect(small.get_by_role("alert")).to_contain_text("foto.gguf não é um arquivo GGUF")

    chosen.set_input_files(offered("qwen.gguf", b"GGUF" + bytes(100)))
    expect(small.get_by_text("No servidor")).to_be_visible()
    expect(small.get_by_role("alert")).to_have_count(0)
    # The browser notes the refused request; it is no fault of the page.
    page.trouble.clear()  # type: ignore[attr-defined]


def test_an_upload_goes_on_while_another_page_is_looked_at_and_can_be_stopped(
    page: Page, server: str
):
    held: list[Route] = []
    page.route("**/upload?*", lambda route: held.append(route))
    page.goto(f"{server}/#/models")
    chosen = page.get_by_label(f"Enviar o arquivo de {SMALL}")
    chosen.set_input_files(offered("qwen.gguf", b"GGUF" + bytes(10_000)))
    small = page.get_by_role("row", name=SMALL)
    expect(small.get_by_text("Enviando: 0 bytes de 10 kB")).to_be_visible()

    page.get_by_role("link", name="Chaves").click()
    expect(page.get_by_label("Nome da chave")).to_be_visible()
    page.get_by_role("link", name="Modelos").click()
    expect(small.get_by_text("Enviando")).to_be_visible()
    page.get_by_role("button", name=f"Parar o envio de {SMALL}").click()

    expect(small.get_by_text("escolha de novo qwen.gguf até amanhã")).to_be_visible()
    expect(page.get_by_label(f"Continuar o envio do arquivo de {SMALL}")).to_be_attached()
