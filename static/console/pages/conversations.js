/** Conversations: one's own, and for administrators everybody's, to be opened for a reason. */
import { all, get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import "../conversations/opened.js";
import { Talks } from "../conversations/listed.js";
import { othersTable, ownerName } from "../conversations/others.js";
import { ownTable } from "../conversations/own.js";
import { reasonFor } from "../conversations/reason.js";
import { address, filters, form, sought } from "../conversations/search.js";
import { Page } from "../page.js";
import { answers } from "../parts/field.js";
import { go } from "../routes.js";
import { person } from "../session.js";

/** @typedef {import("../conversations/others.js").Outline} Outline */
/** @typedef {{ id: string, name: string, email: string }} Somebody */

class ConversationsPage extends Page {
  #own = new Talks("/api/conversations");
  #others = new Talks("/api/conversations/others");
  /** @type {Map<string, string>} the assistants' names */
  #names = new Map();
  /** @type {{ people: Somebody[], wanted: Partial<import("../conversations/search.js").Sought> } | null} people who may have been meant */
  #meant = null;
  #moved = false; // the address says something else than the form
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
    this.#moved = this.#names.size > 0;
    const wanted = sought(this.route.query, this.#everybody);
    void this.trying(async () => {
      const told = this.#talks.seek(wanted);
      told.catch(() => {}); // said below
      this.#names = new Map((await all("/api/assistants")).map(({ id, name }) => [id, name]));
      await told;
    });
  }

  /** @param {SubmitEvent} event */
  #find(event) {
    const { whose, ...given } = answers(event);
    const wanted = { ...this.#talks.wanted, ...given };
    if (!whose) return go(address(this.#everybody, wanted));
    void this.trying(async () => {
      const found = (await get(`/api/people?${new URLSearchParams({ search: whose, limit: "20" })}`)).items;
      if (found.length === 1) go(address(true, { ...wanted, owner: `person:${found[0].id}` }));
      else this.#meant = { people: found, wanted };
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
    if (this.#moved) this.#fill();
  }

  /** What a hand has chosen stands in a form whatever is drawn: after "back" it is to say what the address does. */
  #fill() {
    this.#moved = false;
    /** @type {Record<string, string>} */
    const wanted = this.#talks.wanted;
    for (const one of /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (this.querySelectorAll(".talks-seek :is(input, select)"))) one.value = wanted[one.name] ?? "";
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
      ${everybody || filters(this.#talks.wanted) || this.#talks.items?.length ? form(this.#talks.wanted, everybody, this.#names, (event) => this.#find(event)) : nothing}
      ${this.#meant ? which(this.#meant) : nothing}
      ${this.#talks.items?.length ? this.#table() : this.#none()}
      ${this.#talks.next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#talks.load(this.#talks.next ?? ""))}>${t("talks.more")}</button></div>` : nothing}
    </div>`;
  }

  #table() {
    if (this.#everybody) return othersTable(this.#others, this.#names, (one) => void this.#read(one));
    return ownTable(this.#own, this.#names, (work) => void this.trying(work));
  }

  #none() {
    if (!this.#talks.items) return this.awaited;
    const everybody = this.#everybody;
    if (!filters(this.#talks.wanted)) return html`<p class="hint" role="status">${t(everybody ? "talks.noneAll" : "talks.none")}</p>`;
    return html`<div class="note" role="status"><p>${t("talks.noneSuch")}</p></div>
      <div class="row"><button type="button" @click=${() => go(address(everybody, {}))}>${t("talks.without")}</button></div>`;
  }
}

/** @param {{ people: Somebody[], wanted: Partial<import("../conversations/search.js").Sought> }} meant */
const which = ({ people, wanted }) => html`<div class="note" role="status">${people.length
  ? html`<p>${t("talks.which")}</p><ul>${people.map((one) => html`<li><a href=${address(true, { ...wanted, owner: `person:${one.id}` })}>${one.name}</a> <span class="sub">${one.email}</span></li>`)}</ul>`
  : html`<p>${t("talks.nobody")}</p>`}</div>`;

define("page-conversations", ConversationsPage);
