/** The inbox of what was handed to a person, conversations and forms: whose turn it is, and all of it. */
import { all, get, request } from "../../shared/api.js";
import { remembered } from "../../shared/asking.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import "../../shared/parts/answer.js";
import { date, t } from "../../shared/words.js";
import { Page } from "../page.js";

/** @typedef {{ id: string, assistant: string, conversation: string, title: string, state: string, reach_by: string, note: string, created_at: string, form: string }} Handover */
/** @typedef {Handover & { messages: any[], answers: { label: string, value: string }[] }} Whole */

class HandoversPage extends Page {
  /** @type {Handover[] | null} */
  #items = null;
  /** @type {string | null} */
  #next = null;
  /** @type {Map<string, string>} the assistants' names */
  #names = new Map();
  #state = "open";
  /** @type {Whole | null} */
  #opened = null;

  arrived() {
    void this.trying(async () => {
      this.#names = new Map((await all("/api/assistants")).map(({ id, name }) => [id, name]));
      await this.#load("");
    });
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const state = this.#state;
    const told = await get(`/api/handovers?${new URLSearchParams({ state, cursor })}`);
    if (state !== this.#state) return;
    this.#items = cursor ? [...(this.#items ?? []), ...told.items] : told.items;
    this.#next = told.next;
  }

  /** @param {string} state */
  #show(state) {
    [this.#state, this.#items, this.#opened] = [state, null, null];
    void this.trying(() => this.#load(""));
  }

  /** @param {Handover} one */
  #read(one) {
    if (this.#opened?.id === one.id) { this.#opened = null; return this.changed(); }
    return void this.trying(async () => { this.#opened = await get(`/api/handovers/${one.id}`); });
  }

  /** @param {Handover} one */
  #settle(one) {
    void this.trying(async () => {
      Object.assign(one, await request("PATCH", `/api/handovers/${one.id}`, { state: one.state === "open" ? "done" : "open" }));
    });
  }

  template() {
    document.title = `${t("shell.handovers")} – Balcão`;
    return html`<div class="page narrow">
      <header class="head"><div><h1>${t("shell.handovers")}</h1><p class="lead">${t("handovers.lead")}</p></div></header>
      <div class="row" role="group" aria-label=${t("handovers.states")}>${["open", "done"].map((state) => html`
        <button type="button" class="small" aria-pressed=${String(state === this.#state)} @click=${() => this.#show(state)}>${t(`handovers.state.${state}`)}</button>`)}</div>
      ${this.problemLine}
      ${this.#items?.length ? html`<ul class="gaps" aria-label=${t("shell.handovers")}>${this.#items.map((one) => this.#row(one))}</ul>` : this.#items ? html`<p class="note" role="status">${t(`handovers.none.${this.#state}`)}</p>` : this.awaited}
      ${this.#next ? html`<div><button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("handovers.more")}</button></div>` : nothing}
    </div>`;
  }

  /** @param {Handover} one */
  #row(one) {
    const whole = this.#opened?.id === one.id ? this.#opened : null;
    const title = one.form || one.title;
    return html`<li>
      <p><strong>${title}</strong></p>
      <p class="sub">${this.#names.get(one.assistant) ?? ""} · ${date(one.created_at, true)}${one.reach_by ? html` · ${t("handovers.reachBy", { how: one.reach_by })}` : nothing}</p>
      ${one.note ? html`<p>${one.note}</p>` : nothing}
      <div class="row"><button type="button" class="small" aria-expanded=${String(Boolean(whole))} aria-label=${t("handovers.readOf", { title })} @click=${() => this.#read(one)}>${t("handovers.read")}</button>
        <button type="button" class="small" aria-label=${t(`handovers.turnOf.${one.state}`, { title })} @click=${() => this.#settle(one)}>${t(`handovers.turn.${one.state}`)}</button>
        ${one.state === this.#state ? nothing : html`<span class="hint" role="status">${t(`handovers.state.${one.state}`)}</span>`}</div>
      ${whole?.answers.length ? html`<dl class="filled" aria-label=${title}>${whole.answers.map((answer) => html`<div><dt>${answer.label}</dt><dd>${answer.value}</dd></div>`)}</dl>` : nothing}
      ${whole ? html`<div class="transcript">${whole.messages.map((message) => html`<article class="exchange"><h2 class="question">${message.question}</h2>
        <balcao-answer .exchange=${remembered(message)} .rate=${null}></balcao-answer></article>`)}</div>` : nothing}
    </li>`;
  }
}

define("page-handovers", HandoversPage);
