/** One assistant: chat, documents, behaviour, look, search, share, visitors, history. The address says which tab. */
import { get } from "../../shared/api.js";
import { dress } from "../../shared/colour.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { closed } from "../parts/closed.js";
import { mayChange, person } from "../session.js";
import "../approved/approved.js";
import "../flows/flows.js";
import "../gaps/gaps.js";
import "../maker/history.js";
import "../maker/look.js";
import "../parts/behaviour.js";
import "../parts/bench-trial.js";
import "../parts/counter.js";
import "../parts/share.js";
import "../parts/shelf.js";
import "../quality/gate.js";
import "../quality/quality.js";
import "../rights/audience.js";
import "../visitors/visitors.js";

const TABS = ["chat", "documents", "behaviour", "look", "approved", "flows", "bench", "share", "visitors", "quality", "gaps", "history"];
const FOR_EDITORS = ["behaviour", "look", "approved", "flows", "bench", "visitors", "quality", "gaps", "history"];

class AssistantPage extends Page {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  #conversation = "";

  get #tab() {
    return this.route.path[2] ?? "chat";
  }

  arrived() {
    const id = this.route.path[1];
    this.#conversation = this.route.query.get("conversation") ?? this.#conversation;
    this.classList.toggle("tall", this.#tab === "chat");
    if (this.#assistant?.id === id) return;
    void this.trying(async () => { this.#assistant = await get(`/api/assistants/${id}`); });
  }

  drawn() {
    dress(this, this.#assistant?.accent ?? "");
    const tabs = this.querySelector(".tabs");
    const here = /** @type {HTMLElement | null | undefined} */ (tabs?.querySelector("[aria-current=page]"));
    // On a narrow screen the tabs are wider than it: the one that is open stays in sight.
    if (tabs && here) tabs.scrollLeft = here.offsetLeft - tabs.clientWidth / 2;
  }

  template() {
    const one = this.#assistant;
    if (!one) return this.unknown(t("assistant.title"));
    document.title = `${one.name} – Balcão`;
    const put = (/** @type {CustomEvent} */ event) => { this.#assistant = event.detail; this.changed(); };
    return html`
      <header class="masthead">
        <h1><span class="seal" aria-hidden="true"></span>${one.name}</h1>
        <nav class="tabs" aria-label=${t("assistant.tabs")}>${TABS.filter((tab) => !FOR_EDITORS.includes(tab) || mayChange(one)).map((tab) => html`
          <a href=${this.#address(one.id, tab)} aria-current=${tab === this.#tab ? "page" : "false"}>${t(`tab.${tab}`)}</a>`)}</nav>
      </header>
      ${mayChange(one) && FOR_EDITORS.includes(this.#tab) ? html`<balcao-gate class="at-gate" .assistant=${one} @saved=${put}></balcao-gate>` : nothing}
      ${this.#body(one)}`;
  }

  /** @param {string} id @param {string} tab */
  #address(id, tab) {
    const talk = tab === "chat" && this.#conversation ? `?conversation=${this.#conversation}` : "";
    return `#/assistants/${id}/${tab}${talk}`;
  }

  /** @param {import("../../shared/types").Assistant} one */
  #body(one) {
    const keep = (/** @type {CustomEvent} */ event) => { this.#conversation = event.detail ?? ""; this.changed(); };
    const put = (/** @type {CustomEvent} */ event) => { this.#assistant = event.detail; this.changed(); };
    if (FOR_EDITORS.includes(this.#tab) && !mayChange(one)) return closed("editors");
    if (this.#tab === "documents") return html`<div class="page">${lead("documents")}${one.collections.map((id) => html`<balcao-shelf .collection=${id}></balcao-shelf>`)}</div>`;
    if (this.#tab === "behaviour") return html`<div class="page narrow">${lead("behaviour")}<balcao-behaviour .assistant=${one} @saved=${put}></balcao-behaviour></div>`;
    if (this.#tab === "look") return html`<div class="page wide">${lead("look")}<balcao-look .assistant=${one} @saved=${put}></balcao-look></div>`;
    if (this.#tab === "approved") return html`<div class="page narrow"><balcao-approved .assistant=${one}></balcao-approved></div>`;
    if (this.#tab === "gaps") return html`<div class="page narrow"><p class="lead">${t("gaps.lead")}</p><balcao-gaps .assistants=${new Map([[one.id, one]])} .assistant=${one.id}></balcao-gaps></div>`;
    if (this.#tab === "flows") return html`<div class="page narrow">${lead("flows")}<balcao-flows .assistant=${one}></balcao-flows></div>`;
    if (this.#tab === "bench") return html`<div class="page"><balcao-trial .assistant=${one} .query=${this.route.query.get("query") ?? ""}></balcao-trial></div>`;
    if (this.#tab === "share") return html`<div class="page narrow">${lead("share")}<balcao-share .assistant=${one} @saved=${put}></balcao-share>
      ${person()?.role === "admin" ? html`<balcao-audience .assistant=${one} @saved=${put}></balcao-audience>` : nothing}</div>`;
    if (this.#tab === "visitors") return html`<div class="page narrow">${lead("visitors")}<balcao-visitors .assistant=${one} @saved=${put}></balcao-visitors></div>`;
    if (this.#tab === "history") return html`<div class="page narrow"><balcao-history .assistant=${one} @saved=${put}></balcao-history></div>`;
    if (this.#tab === "quality") return html`<div class="page"><balcao-quality .assistant=${one}></balcao-quality></div>`;
    return html`<balcao-counter .assistant=${one} .conversation=${this.#conversation || null} @conversation=${keep}></balcao-counter>`;
  }
}

/** What a tab is for, where its own first lines do not say it. @param {string} tab */
const lead = (tab) => html`<p class="lead">${t(`lead.${tab}`)}</p>`;

define("page-assistant", AssistantPage);
