/** The approved answers of an assistant: what it says word for word, how often it did, and the way to change it. */
import { all, get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { plus } from "../parts/drawings.js";
import { date, t } from "../../shared/words.js";
import { answers } from "../parts/field.js";
import { draft, form } from "./form.js";

/** @typedef {{ document: { id: string, title: string } | null, page: number | null, quote: string }} Cited */
/** @typedef {{ id: string, questions: string[], text: string, cited: Cited | null, active: boolean, hits: number, last_hit_at: string | null }} Approved */

const AT_ONCE = 50;

class ApprovedPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {Approved[] | null} */
  #items = null;
  /** @type {string | null} */
  #next = null;
  #words = "";
  /** @type {import("../../shared/types").DocumentRecord[]} */
  #documents = [];
  /** The id of the one that is written, "new" for one that comes. */
  #writing = "";
  #problem = "";
  #said = "";
  /** @type {Approved | null} removed a moment ago */
  #removed = null;

  get #address() {
    return `/api/assistants/${this.assistant?.id}/approved-answers`;
  }

  opened() {
    void this.#trying(async () => {
      await this.#load("");
      const shelves = await Promise.all((this.assistant?.collections ?? []).map((id) => all(`/api/collections/${id}/documents`)));
      this.#documents = shelves.flat().filter((one) => one.state === "ready");
    });
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const words = this.#words;
    const told = await get(`${this.#address}?${new URLSearchParams({ words, cursor, limit: String(AT_ONCE) })}`);
    if (words !== this.#words) return; // something else is looked for by now
    this.#items = cursor ? [...(this.#items ?? []), ...told.items] : told.items;
    this.#next = told.next;
  }

  /** @param {() => Promise<void>} work @param {string} [said] what to say once it is done */
  async #trying(work, said = "") {
    this.#said = this.#problem = "";
    try {
      await work();
      this.#said ||= said;
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {string} id "" for none */
  #write(id) {
    this.#writing = id;
    this.#problem = "";
    this.changed();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector(id ? "form textarea" : "button.primary"))?.focus());
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const body = draft(answers(event));
    const [way, path] = this.#writing === "new" ? ["POST", this.#address] : ["PATCH", `${this.#address}/${this.#writing}`];
    void this.#trying(async () => {
      await request(way, path, body);
      this.#write("");
      await this.#load("");
    }, t("approved.saved"));
  }

  /** @param {Approved} one */
  #switch(one) {
    void this.#trying(async () => {
      Object.assign(one, await request("PATCH", `${this.#address}/${one.id}`, { active: !one.active }));
    }, one.active ? t("approved.isOff") : t("approved.isOn"));
  }

  /** @param {Approved} one */
  #remove(one) {
    void this.#trying(async () => {
      await request("DELETE", `${this.#address}/${one.id}`);
      this.#removed = one;
      this.#items = (this.#items ?? []).filter((other) => other !== one);
    }, t("approved.removed", { question: one.questions[0] }));
  }

  #bringBack() {
    const { questions, text, cited, active } = /** @type {Approved} */ (this.#removed);
    const place = cited?.document ? { document: cited.document.id, page: cited.page, quote: cited.quote } : {};
    void this.#trying(async () => {
      await request("POST", this.#address, { questions, text, active, ...place });
      this.#removed = null;
      await this.#load("");
    }, t("approved.back"));
  }

  /** @param {Event} event */
  #bring(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    void this.#trying(async () => {
      const { added, changed } = await request("POST", `${this.#address}/import`, { csv: await file.text() });
      await this.#load("");
      this.#said = t("approved.brought", { added, changed });
    }).then(() => { input.value = ""; });
  }

  /** @param {SubmitEvent} event */
  #find(event) {
    this.#words = answers(event).words;
    void this.#trying(() => this.#load(""));
  }

  template() {
    return html`
      <header class="head"><div><h2>${t("approved.title")}</h2><p class="lead">${t("approved.lead")}</p></div>
        <button type="button" class="primary" @click=${() => this.#write("new")}>${plus()}${t("approved.new")}</button></header>
      ${this.#writing === "new" ? this.#form(null) : nothing}
      <p class="problem" role="alert" ?hidden=${!this.#problem}>${this.#problem}</p>
      <div class="row" role="status">${this.#said ? html`<p class="hint">${this.#said}</p>` : nothing}
        ${this.#removed && this.#said ? html`<button type="button" class="small" @click=${() => this.#bringBack()}>${t("approved.undo")}</button>` : nothing}</div>
      ${this.#items?.length || this.#words ? this.#search() : nothing}
      ${this.#items ? this.#list(this.#items) : this.#problem ? nothing : html`<p class="pulse">${t("approved.loading")}</p>`}
      ${this.#next ? html`<button type="button" @click=${() => void this.#trying(() => this.#load(this.#next ?? ""))}>${t("approved.more")}</button>` : nothing}
      <div class="row">${this.#items?.length ? html`<a class="button small" href="${this.#address}/export" download>${t("approved.export")}</a>` : nothing}
        <label class="button small">${t("approved.import")}<input class="unseen" type="file" accept=".csv,text/csv" @change=${(/** @type {Event} */ event) => this.#bring(event)}></label></div>`;
  }

  #search() {
    return html`<form class="row" role="search" @submit=${(/** @type {SubmitEvent} */ event) => this.#find(event)}>
      <input class="grow" type="search" name="words" aria-label=${t("approved.words")} placeholder=${t("approved.words")} .value=${this.#words}>
      <button>${t("approved.find")}</button></form>`;
  }

  /** @param {Approved[]} items */
  #list(items) {
    if (!items.length) return this.#words ? html`<p class="hint">${t("approved.notFound")}</p>` : html`<p class="note">${t("approved.none")}</p>`;
    return html`<ul class="answers-approved" aria-label=${t("approved.title")}>${items.map((one) => (this.#writing === one.id ? html`<li>${this.#form(one)}</li>` : this.#row(one)))}</ul>`;
  }

  /** @param {Approved | null} one */
  #form(one) {
    return form(one, this.#documents, (event) => this.#save(event), () => this.#write(""));
  }

  /** @param {Approved} one */
  #row(one) {
    const [question, ...also] = one.questions;
    return html`<li class=${one.active ? "" : "off"}>
      <h3>${question}</h3>${also.length ? html`<p class="sub">${t("approved.also", { count: also.length })} ${also.join(" · ")}</p>` : nothing}
      <p class="said">${one.text}</p>
      <p class="sub">${used(one)}${one.cited ? ` · ${place(one.cited)}` : ""}</p>
      <div class="row"><label class="check"><input type="checkbox" .checked=${one.active} aria-label=${t("approved.useOf", { question })} @change=${() => this.#switch(one)}><span>${t("approved.use")}</span></label>
        <span class="grow"></span>
        <button type="button" class="small" aria-label=${t("approved.changeOf", { question })} @click=${() => this.#write(one.id)}>${t("approved.change")}</button>
        <button type="button" class="small" aria-label=${t("approved.removeOf", { question })} @click=${() => this.#remove(one)}>${t("approved.remove")}</button></div>
    </li>`;
  }
}

/** @param {Approved} one @returns {string} how often it was given, and when last */
const used = ({ hits, last_hit_at }) => (last_hit_at
  ? t("approved.hits", { count: hits, date: date(last_hit_at, true) })
  : t("approved.never"));

/** @param {Cited} cited */
function place({ document: of, page }) {
  if (!of) return t("approved.citedGone");
  return page === null ? t("approved.cites", { title: of.title }) : t("approved.citesPage", { title: of.title, page: String(page) });
}

define("balcao-approved", ApprovedPart);
