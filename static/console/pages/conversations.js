/** Conversations: one's own, and for administrators everybody's, to be opened for a reason. */
import { all, get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import "../conversations/opened.js";
import { address, OthersTalks, othersTable, ownerName, search } from "../conversations/others.js";
import { OwnTalks, ownTable } from "../conversations/own.js";
import { reasonFor } from "../conversations/reason.js";
import { Page } from "../page.js";
import { answers } from "../parts/field.js";
import { go } from "../routes.js";
import { person } from "../session.js";

/** @typedef {import("../conversations/others.js").Outline} Outline */
/** @typedef {{ id: string, name: string, email: string }} Somebody */

class ConversationsPage extends Page {
  #own = new OwnTalks();
  #others = new OthersTalks();
  /** @type {Map<string, string>} the assistants' names */
  #names = new Map();
  /** @type {Somebody[] | null} people who may have been meant */
  #meant = null;
  /** @type {import("../conversations/opened.js").Opened | null} */
  #opened = null;

  get #everybody() {
    return this.route.path[1] === "all" && person()?.role === "admin";
  }

  get #talks() {
    return this.#everybody ? this.#others : this.#own;
  }

  arrived() {
    this.#meant = this.#opened = null;
    this.#others.owner = this.route.query.get("owner") ?? "";
    this.#others.assistant = this.route.query.get("assistant") ?? "";
    void this.trying(async () => {
      this.#names = new Map((await all("/api/assistants")).map(({ id, name }) => [id, name]));
      await this.#talks.load("");
    });
  }

  /** @param {SubmitEvent} event */
  #find(event) {
    const { whose, assistant } = answers(event);
    if (!whose) return go(address(this.#others.owner, assistant));
    void this.trying(async () => {
      const found = (await get(`/api/people?${new URLSearchParams({ search: whose, limit: "20" })}`)).items;
      if (found.length === 1) go(address(`person:${found[0].id}`, assistant));
      else this.#meant = found;
    });
  }

  /** @param {Outline} one */
  async #read(one) {
    const name = ownerName(one);
    const reason = await reasonFor(name);
    if (!reason) return;
    await this.trying(async () => {
      const { messages } = await request("POST", `/api/conversations/${one.id}/open`, { reason });
      this.#opened = { id: one.id, name, reason, messages, assistant: this.#names.get(one.assistant) ?? t("talks.gone") };
    });
  }

  #shut() {
    this.#opened = null;
    this.changed();
  }

  drawn() {
    this.classList.toggle("tall", Boolean(this.#opened));
  }

  template() {
    document.title = `${t("shell.conversations")} – Balcão`;
    if (this.#opened) return html`<balcao-opened .conversation=${this.#opened} @done=${() => this.#shut()}></balcao-opened>`;
    const everybody = this.#everybody;
    return html`<div class="page talks">
      <header class="head"><div><h1>${t("shell.conversations")}</h1><p class="lead">${t(everybody ? "talks.leadAll" : "talks.lead")}</p></div></header>
      ${person()?.role === "admin" ? html`<nav class="tabs" aria-label=${t("shell.conversations")}>
        <a href="#/conversations" aria-current=${everybody ? "false" : "page"}>${t("talks.own")}</a>
        <a href="#/conversations/all" aria-current=${everybody ? "page" : "false"}>${t("talks.all")}</a></nav>` : nothing}
      ${this.problemLine}
      ${everybody ? this.#all() : ownTable(this.#own, this.#names, (work) => void this.trying(work))}
      ${this.#talks.next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#talks.load(this.#talks.next ?? ""))}>${t("talks.more")}</button></div>` : nothing}
    </div>`;
  }

  #all() {
    return html`${search(this.#others, this.#names, (event) => this.#find(event))}
      ${this.#meant ? which(this.#meant, this.#others.assistant) : nothing}
      ${othersTable(this.#others, this.#names, (one) => void this.#read(one))}`;
  }
}

/** @param {Somebody[]} people @param {string} assistant */
const which = (people, assistant) => html`<div class="note" role="status">${people.length
  ? html`<p>${t("talks.which")}</p><ul>${people.map((one) => html`<li><a href=${address(`person:${one.id}`, assistant)}>${one.name}</a> <span class="sub">${one.email}</span></li>`)}</ul>`
  : html`<p>${t("talks.nobody")}</p>`}</div>`;

define("page-conversations", ConversationsPage);
