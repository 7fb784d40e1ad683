/** A document: what it is and whether it is in force, how each page was read, and the page itself. */
import { get, request, upload } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { back } from "../parts/drawings.js";
import { date, percent, size, t } from "../../shared/words.js";
import { Page } from "../page.js";
import "../parts/document-facts.js";
import { standing } from "../parts/document-row.js";
import { wished } from "../parts/read-again.js";
import { Reading, unfinished } from "../parts/reading.js";
import "../parts/read-page.js";
import "../parts/report.js";
import "../reading/summary.js";
import { go, rename } from "../routes.js";
import { mayChange } from "../session.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */

class DocumentPage extends Page {
  /** @type {DocumentRecord | null} */
  #document = null;
  /** @type {import("../../shared/types").Place | null} */
  #place = null;
  #condensed = false; // whether its summary is shown
  #sending = -1; // share of a new version that has left this computer; -1: none is on its way
  #reading = new Reading(() => this.changed(), (one) => this.#ended(one));

  arrived() {
    const id = this.route.path[1];
    void this.trying(async () => {
      const one = this.#document ?? await get(`/api/documents/${id}`);
      this.#document = one;
      this.#aim(this.route.query);
      if (unfinished(one)) this.#reading.follow(id);
    });
  }

  closed() {
    this.#reading.close();
  }

  /** @param {URLSearchParams} query */
  #aim(query) {
    const at = (/** @type {string} */ name) => (/^\d+$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
    if (!this.#document) return;
    const { id, title } = this.#document;
    this.#place = { document: { id, title }, page: at("page") ?? 1, start: at("start"), end: at("end") };
  }

  /** @param {number} number */
  #turned(number) {
    const id = this.#document?.id;
    rename(`#/documents/${id}?page=${number}`);
    this.#aim(new URLSearchParams({ page: String(number) }));
    this.changed();
  }

  /** The document after its job. @param {DocumentRecord} one */
  #ended(one) {
    this.#document = one;
    this.changed();
    void /** @type {import("../parts/report.js").ReportPart | null} */ (this.querySelector("balcao-report"))?.refresh();
    void /** @type {import("../parts/read-page.js").ReadPagePart | null} */ (this.querySelector("balcao-read-page"))?.load();
  }

  /** A page was accepted or corrected. @param {CustomEvent} event */
  async #settled(event) {
    await this.trying(async () => { this.#document = await get(`/api/documents/${this.route.path[1]}`); });
    void /** @type {import("../parts/report.js").ReportPart | null} */ (this.querySelector("balcao-report"))?.refresh();
    if (event.detail.job) this.#reading.follow(this.route.path[1]);
  }

  async #again() {
    const one = /** @type {DocumentRecord} */ (this.#document);
    await this.trying(async () => {
      const wish = await wished(one, this.#place?.page ?? 1);
      if (!wish) return;
      await request("POST", `/api/documents/${one.id}/read-again`, wish);
      this.#document = { ...one, state: "queued", problem: null };
      this.#reading.follow(one.id);
    });
  }

  /** @param {Event} event */
  async #replace(event) {
    const one = /** @type {DocumentRecord} */ (this.#document);
    const [file] = /** @type {HTMLInputElement} */ (event.target).files ?? [];
    if (!file) return;
    const moved = (/** @type {number} */ share) => { this.#sending = share; this.changed(); };
    moved(0);
    await this.trying(async () => {
      const { documents } = await upload(`/api/collections/${one.collection}/documents`, file, moved, { supersedes: one.id });
      go(`#/documents/${documents[0].id}`);
    });
    moved(-1);
  }

  template() {
    const one = this.#document;
    if (!one) return this.unknown(t("documents.documentHead"));
    document.title = `${one.title} – Balcão`;
    return html`<div class="page wide document" @settled=${(/** @type {CustomEvent} */ event) => void this.#settled(event)} @turned=${(/** @type {CustomEvent} */ event) => this.#turned(event.detail)}>
      <button type="button" class="quiet back" @click=${() => history.back()}>${back()}${t("document.back")}</button>
      <header class="head"><div><h1>${one.title}</h1><p class="lead">${t("document.lead")}</p>
        <p class="facts"><span>${one.file_name}</span><span>${size(one.bytes)}</span><span>${t("documents.pages", { count: one.pages })}</span><span>${t("document.added", { date: date(one.created_at) })}</span></p></div>
        ${this.#actions(one)}
      </header>
      ${this.problemLine}
      ${validity(one)}
      ${one.problem ? html`<p class="problem" role="alert">${one.problem.detail}</p>` : nothing}
      ${unfinished(one) ? html`<div class="progress">${standing(one, this.#reading.jobs.get(one.id))}</div>` : nothing}
      ${mayChange(one) ? html`<balcao-document-facts .document=${one} @saved=${(/** @type {CustomEvent} */ event) => { this.#document = event.detail; this.changed(); }}></balcao-document-facts>` : nothing}
      ${this.#condensed && one.state === "ready" ? html`<balcao-summary .document=${one.id}></balcao-summary>` : nothing}
      ${one.pages && this.#place ? html`<div class="reader">
        <section class="report" aria-label=${t("document.report")}><balcao-report .document=${one.id} .number=${this.#place.page ?? 1}></balcao-report></section>
        <section class="view" aria-label=${t("document.page")}><balcao-read-page .document=${one} .place=${this.#place}></balcao-read-page></section>
      </div>` : nothing}
    </div>`;
  }

  /** @param {DocumentRecord} one */
  #actions(one) {
    const after = one.versions?.after;
    return html`<div class="row">
      ${this.#sending >= 0 ? html`<span class="light reading" role="status">${t("documents.sending", { share: percent(this.#sending) })}</span>` : nothing}
      ${one.state === "ready" ? html`<button type="button" class="small" aria-expanded=${String(this.#condensed)} @click=${() => { this.#condensed = !this.#condensed; this.changed(); }}>${t("summary.ask")}</button>` : nothing}
      ${mayChange(one) && !unfinished(one) ? html`
        <button type="button" class="small" @click=${() => void this.#again()}>${t("documents.again")}…</button>
        ${after ? nothing : html`<label class="button small">${t("document.replace")}<input class="unseen" type="file" @change=${(/** @type {Event} */ event) => void this.#replace(event)}></label>`}` : nothing}
      ${one.downloadable === false ? nothing : html`<a class="button small" href="/api/documents/${one.id}/original" download>${t("document.original")}</a>`}
    </div>`;
  }
}

/** Whether it is in force, and what stands before and after it. @param {DocumentRecord} one */
function validity(one) {
  const { before, after } = one.versions ?? {};
  const day = (/** @type {string} */ text) => date(`${text}T12:00:00`);
  const coming = one.in_force === false && one.valid_from && one.valid_from > new Date().toISOString().slice(0, 10);
  if (one.in_force !== false && !before && !after && !one.valid_from && !one.valid_to) return nothing;
  return html`<div class="note validity">
    ${one.in_force === false ? html`<p><strong>${coming ? t("document.notYet") : t("document.past")}</strong></p>` : nothing}
    ${one.valid_from || one.valid_to ? html`<p>${one.valid_from && one.valid_to ? t("document.fromTo", { from: day(one.valid_from), to: day(one.valid_to) }) : one.valid_from ? t("document.from", { from: day(one.valid_from) }) : t("document.to", { to: day(one.valid_to ?? "") })}</p>` : nothing}
    ${after ? html`<p>${t("document.after")} <a href="#/documents/${after.id}">${after.title}</a></p>` : nothing}
    ${before ? html`<p>${t("document.before")} <a href="#/documents/${before.id}">${before.title}</a></p>` : nothing}
  </div>`;
}

define("page-document", DocumentPage);
