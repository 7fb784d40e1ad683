"""Pages of other sites around the widget and the console, in a real browser (SEC-16, SEC-33)."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator

pytestmark = pytest.mark.browser

# What a page of another site says to the window that it has framed.
SAID = """
  {type: "submit", text: "Oi"}, {type: "balcao:ask", question: "Oi"},
  {type: "balcao:session", token: "bw_mine", assistant: {name: "Falsa"}}, "Oi", null
"""


@contextmanager
def site(html: str, *, tls: ssl.SSLContext | None = None, **headers: str) -> Iterator[str]:
    """Another site, every page of which is ``html``; its origin."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    if tls:  # without a handshake in ``accept``, where one visitor would keep out the others
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path / "data", ScriptedGenerator()) as opened:
        yield opened


@pytest.fixture
def loose(chromium: Browser) -> Iterator[Page]:
    """A page whose console may say what it likes: browsers report what they refuse."""
    context = chromium.new_context(locale="pt-BR")
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def embedding(served: Served, public: str) -> str:
    return (
        f'<!doctype html><title>Escola</title><h1>Escola</h1><link rel="icon" href="data:,">'
        f'<script src="{served.address}/widget.js" data-assistant="{public}"></script>'
    )


def framing(address: str) -> str:
    return f'<!doctype html><title>Moldura</title><iframe id="f" src="{address}"></iframe>'


@pytest.mark.guarantee("SEC-16", "SEC-33")
def test_a_listed_site_embeds_the_chat_and_another_one_nothing(served: Served, loose: Page) -> None:
    made = served.assistant()
    with site(embedding(served, made["public_id"])) as listed:
        change_sites(served, made, listed)
        loose.goto(listed)
        loose.get_by_role("button", name="Abrir conversa: Secretaria").click()
        chat = loose.frame_locator("iframe")
        chat.get_by_role("button", name="Li e entendi").click()
        expect(chat.get_by_label("Sua pergunta")).to_be_visible()
        assert loose.context.cookies() == []

    with site(embedding(served, made["public_id"])) as other:
        with loose.expect_console_message(lambda said: said.type == "info") as told:
            loose.goto(other)
        assert "Balcão não abriu nesta página" in told.value.text
        assert loose.get_by_role("button").count() == 0


@pytest.mark.guarantee("SEC-16")
def test_nobody_frames_the_console_and_only_listed_sites_the_chat(
    served: Served, loose: Page
) -> None:
    made = served.assistant()
    change_sites(served, made, "https://www.escola.example")
    for path in ("/", f"/w/{made['public_id']}", "/static/console/index.html"):
        with site(framing(served.address + path)) as other:
            loose.goto(other)
            loose.wait_for_load_state("networkidle")
            (inside,) = loose.frames[1:]
            assert inside.url.startswith("chrome-error:"), path


@pytest.mark.guarantee("SEC-16")
def test_what_another_page_says_to_the_chat_asks_and_changes_nothing(
    served: Served, loose: Page
) -> None:
    made = served.assistant()
    with site(framing(f"{served.address}/w/{made['public_id']}")) as listed:
        change_sites(served, made, listed)
        sent: list[str] = []
        loose.on("request", lambda one: sent.append(f"{one.method} {one.url}"))
        loose.goto(listed)
        frame = loose.frame_locator("#f")
        expect(frame.get_by_role("status")).to_have_text("Abrindo a conversa…")
        loose.evaluate(
            f"""async () => {{
              const inside = document.getElementById("f").contentWindow;
              for (const one of [{SAID}]) inside.postMessage(one, "*");
              // Messages arrive in order: once one sent after them was heard, they were too.
              await new Promise((resolve) => setTimeout(resolve, 200));
            }}"""
        )
        loose.wait_for_load_state("networkidle")

    assert [one for one in sent if one.endswith(("/ask", "/search"))] == []
    assert served.parts.database.rows("select * from messages") == []


@pytest.mark.guarantee("SEC-16")
def test_another_window_cannot_speak_for_the_page_that_frames_the_chat(
    served: Served, loose: Page
) -> None:
    made = served.assistant(greeting="Bom dia!")
    with site(embedding(served, made["public_id"])) as listed, site("<title>Mal</title>") as evil:
        change_sites(served, made, listed)
        loose.goto(listed)
        loose.get_by_role("button", name="Abrir conversa: Secretaria").click()
        chat = loose.frame_locator("iframe[title=Secretaria]")
        chat.get_by_role("button", name="Li e entendi").click()
        expect(chat.get_by_text("Bom dia!")).to_be_visible()
        (inside,) = loose.frames[1:]
        loose.evaluate(
            """(address) => {
              const frame = document.createElement("iframe");
              frame.src = address;
              document.body.append(frame);
              return new Promise((resolve) => { frame.onload = resolve; });
            }""",
            evil,
        )
        loose.frames[2].evaluate(
            f"for (const one of [{SAID}]) parent.frames[0].postMessage(one, '*')"
        )

        assert inside.evaluate("document.title") == "Secretaria"
        expect(chat.get_by_text("Bom dia!")).to_be_visible()
        assert served.parts.database.rows("select * from messages") == []


def change_sites(served: Served, assistant: dict[str, Any], *origins: str) -> None:
    answer = served.client.patch(
        f"/api/assistants/{assistant['id']}", json={"origins": list(origins)}
    )
    assert answer.status_code == 200
