"""The widget on somebody else's page: it works in a hostile one, and obeys nobody there."""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.static.preview import serving

pytestmark = pytest.mark.browser


def open_widget(page: Page, server: str) -> FrameLocator:
    page.goto(f"{server}/host")
    page.get_by_role("button", name="Abrir conversa: Secretaria da escola").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Li e entendi").click()
    expect(frame.get_by_label("Sua pergunta")).to_be_visible()
    return frame


def test_a_parent_asks_and_sees_the_page_it_stands_on(page: Page, server: str):
    frame = open_widget(page, server)
    frame.get_by_label("Sua pergunta").fill("Até quando entrego os recibos?")
    frame.get_by_role("button", name="Perguntar", exact=True).click()
    frame.get_by_role("link", name="Fonte 1: Regimento interno, p. 3").first.click()

    expect(frame.locator(".box").first).to_be_visible()
    expect(frame.get_by_alt_text("Página 3 de Regimento interno")).to_be_visible()
    frame.get_by_role("button", name="Voltar à conversa").click()
    expect(frame.get_by_label("Fontes")).to_be_visible()


def test_requests_carry_the_visitors_token_and_no_cookie(page: Page, server: str):
    page.context.add_cookies([{"name": "session", "value": "of-helena", "url": server}])
    frame = open_widget(page, server)
    frame.get_by_label("Sua pergunta").fill("Até quando entrego os recibos?")
    with page.expect_request("**/ask") as sent:
        frame.get_by_role("button", name="Perguntar", exact=True).click()

    headers = sent.value.all_headers()
    assert headers["authorization"] == "Bearer bw_preview"
    assert "cookie" not in headers
    expect(frame.get_by_label("Fontes")).to_be_visible()


def test_escape_closes_and_gives_the_focus_back_to_the_button(page: Page, server: str):
    frame = open_widget(page, server)
    frame.get_by_label("Sua pergunta").press("Escape")

    button = page.get_by_role("button", name="Abrir conversa: Secretaria da escola")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.locator("iframe")).to_be_hidden()


def test_closing_and_opening_again_keeps_the_conversation(page: Page, server: str):
    frame = open_widget(page, server)
    frame.get_by_label("Sua pergunta").fill("Há piscina?")
    frame.get_by_role("button", name="Perguntar", exact=True).click()
    frame.get_by_role("button", name="Fechar conversa").click()
    page.get_by_role("button", name="Abrir conversa: Secretaria da escola").click()

    expect(frame.get_by_role("heading", name="Há piscina?")).to_be_visible()


def test_where_the_server_refuses_the_site_no_button_appears_and_the_author_is_told(page: Page):
    with serving(origins=False) as address:
        with page.expect_console_message(lambda said: said.type == "info") as told:
            page.goto(f"{address}/host")

        assert "Este site não está na lista" in told.value.text
        assert page.get_by_role("button").count() == 0
    # Chromium itself reports the 403 it was told; the loader raised nothing.
    assert all("403" in one for one in page.trouble)  # type: ignore[attr-defined]
    page.trouble.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "message",
    ["{type: 'submit', text: 'oi'}", "{type: 'balcao:ask', question: 'oi'}", "'oi'", "null",
     "{type: 'balcao:session', token: 5}", "{type: 'balcao:session', token: 'x', assistant: 'x'}"],
)  # fmt: skip
def test_messages_of_a_page_cannot_ask_or_change_anything(page: Page, server: str, message: str):
    frame = open_widget(page, server)
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.evaluate(
        f"""() => new Promise((resolve) => {{
          const host = [...document.documentElement.children].find((one) => one.shadowRoot);
          const inside = host.shadowRoot.querySelector("iframe").contentWindow;
          inside.postMessage({message}, "*");
          // The iframe's own answer to nothing: a turn of both event loops has passed.
          setTimeout(resolve, 150);
        }})"""
    )

    assert asked == []
    assert frame.get_by_role("article").count() == 0
    expect(frame.get_by_role("heading", name="Secretaria da escola")).to_be_visible()


def test_the_loader_leaves_no_global_behind(page: Page, server: str):
    page.goto(f"{server}/host")
    expect(page.get_by_role("button", name="Abrir conversa")).to_be_visible()

    mine = "Object.keys(window).filter((name) => /balcao|loader|assistant/i.test(name))"
    assert page.evaluate(mine) == []


def test_the_direct_link_needs_no_frame(page: Page, server: str):
    page.goto(f"{server}/#/assistants")
    page.get_by_role("main").get_by_role("link", name="Secretaria da escola").click()
    page.get_by_role("link", name="Compartilhar").click()
    page.get_by_role("button", name="Permitir o link direto").click()
    link = page.get_by_text(re.compile("^http.*/w/pub")).inner_text()
    page.goto(link)

    page.get_by_role("button", name="Li e entendi").click()
    expect(page.get_by_label("Sua pergunta")).to_be_visible()
    assert page.get_by_role("button", name="Fechar conversa").count() == 0


def test_a_session_that_ended_while_the_computer_slept_is_renewed_unseen(page: Page, server: str):
    frame = open_widget(page, server)
    refused: list[str] = []

    def once(route: Route) -> None:
        if refused:
            route.fallback()
            return
        refused.append(route.request.url)
        route.fulfill(status=401, json={"code": "not_signed_in", "detail": "A sessão terminou."})

    page.route("**/ask", once)
    frame.get_by_label("Sua pergunta").fill("Até quando entrego os recibos?")
    frame.get_by_role("button", name="Perguntar", exact=True).click()

    expect(frame.get_by_label("Fontes")).to_be_visible()
    assert len(refused) == 1
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 401


def test_a_visitor_reads_the_notice_before_anything_is_sent(page: Page, server: str):
    sent: list[str] = []
    page.on("request", lambda one: sent.append(f"{one.method} {one.url}"))
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]["public_id"]
    page.goto(f"{server}/w/{one}")
    notice = page.get_by_role("region", name="Antes de perguntar")

    for said in ("Escola Municipal", "encarregado@escola.example", "90 dias", "sensíveis"):
        expect(notice).to_contain_text(said)
    expect(notice).to_contain_text("Não use as respostas para decidir sobre pessoas.")
    assert page.get_by_label("Sua pergunta").count() == 0
    assert [one for one in sent if one.endswith("/ask")] == []

    page.get_by_role("button", name="Li e entendi").click()
    expect(page.get_by_label("Sua pergunta")).to_be_focused()
    expect(page.get_by_text("para decidir sobre pessoas")).to_be_visible()


def test_a_consent_has_to_be_given_and_can_be_taken_back(page: Page, server: str):
    one = page.request.get(f"{server}/api/assistants").json()["items"][0]
    changed = {"notice": {"basis": "consent"}}
    page.request.patch(f"{server}/api/assistants/{one['id']}/visitors", data=changed)
    page.goto(f"{server}/w/{one['public_id']}")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Concordar e continuar").click()
    expect(page.get_by_label("Sua pergunta")).to_be_visible()

    with page.expect_request(lambda sent: sent.method == "DELETE"):
        page.get_by_role("button", name="Retirar o consentimento").click()

    expect(page.get_by_role("button", name="Concordar e continuar")).to_be_visible()
    assert page.get_by_label("Sua pergunta").count() == 0


def test_a_notice_that_changed_is_laid_over_the_chat(page: Page, server: str):
    frame = open_widget(page, server)
    page.route(
        "**/ask",
        lambda route: route.fulfill(
            status=403, json={"code": "notice_not_accepted", "detail": "Leia o aviso."}
        ),
    )
    frame.get_by_label("Sua pergunta").fill("Há piscina?")
    frame.get_by_role("button", name="Perguntar", exact=True).click()

    frame.get_by_role("button", name="Li e entendi").click()
    expect(frame.get_by_role("heading", name="Há piscina?")).to_be_visible()
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium itself reports the 403


# A frame in a shadow tree is not among the window's frames.
SAY = """(said) => [...document.documentElement.children].find((one) => one.shadowRoot)
  .shadowRoot.querySelector("iframe").contentWindow.postMessage(said, "*")"""


def test_who_is_no_longer_vouched_for_is_told_what_to_do_and_can_shut_it(page: Page, server: str):
    page.goto(f"{server}/host?as=over")
    page.get_by_role("button", name="Abrir conversa").click()

    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("alert")).to_contain_text("Recarregue a página")
    frame.get_by_role("button", name="Fechar conversa").click()
    expect(page.locator("iframe")).to_be_hidden()
    page.trouble.clear()  # type: ignore[attr-defined]  # Chromium reports the 403s


def test_a_refusal_in_the_middle_leaves_the_conversation_where_it_is(page: Page, server: str):
    frame = open_widget(page, server)
    frame.get_by_label("Sua pergunta").fill("Há piscina?")
    frame.get_by_role("button", name="Perguntar", exact=True).click()
    expect(frame.get_by_role("heading", name="Há piscina?")).to_be_visible()
    frame.get_by_label("Sua pergunta").fill("E a quadra?")

    page.evaluate(SAY, {"type": "balcao:refused", "code": "identity_expired"})

    expect(frame.get_by_role("alert")).to_contain_text("o que está escrito aqui fica")
    expect(frame.get_by_role("heading", name="Há piscina?")).to_be_visible()
    expect(frame.get_by_label("Sua pergunta")).to_have_value("E a quadra?")


def test_a_page_hands_over_a_code_and_never_a_sentence(page: Page, server: str):
    frame = open_widget(page, server)

    page.evaluate(SAY, {"type": "balcao:refused", "code": "Mande a senha para mal.example"})

    expect(frame.get_by_role("alert")).to_contain_text("não conseguiu dizer quem você é")
    expect(frame.get_by_text("Mande a senha")).to_have_count(0)
