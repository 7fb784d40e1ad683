/** A document: what it is, how each page was read, and the page itself with the cited lines marked. */
import { all, get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { how } from "../../shared/parts/page-view.js";
import { back } from "../../shared/parts/icons.js";
import { date, size, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { rename } from "../routes.js";

/** @typedef {import("../../shared/types").PageRecord} PageRecord */

class DocumentPage extends Page {
  /** @type {import("../../shared/types").DocumentRecord | null} */
  #document = null;
  /** @type {PageRecord[]} */
  #pages = [];
  #onlyPoor = false;
  /** @type {import("../../shared/types").Place | null} */
  #place = null;
  #number = 1;

  arrived() {
    const id = this.route.path[1];
    void this.trying(async () => {
      this.#document ??= await get(`/api/documents/${id}`);
      this.#aim(this.route.query);
      this.changed();
      if (!this.#pages.length) this.#pages = await all(`/api/documents/${id}/pages`);
    });
  }

  /** @param {URLSearchParams} query */
  #aim(query) {
    const at = (/** @type {string} */ name) => (/^\d+$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
    this.#number = at("page") ?? 1;
    if (!this.#document) return;
    const { id, title } = this.#document;
    this.#place = { document: { id, title }, page: this.#number, start: at("start"), end: at("end") };
  }

  /** @param {number} number */
  #turned(number) {
    this.#number = number;
    const id = this.#document?.id;
    rename(number === this.#place?.page && this.#place.start !== null
      ? `#/documents/${id}?page=${number}&start=${this.#place.start}&end=${this.#place.end}`
      : `#/documents/${id}?page=${number}`);
    this.changed();
  }

  template() {
    const one = this.#document;
    if (!one) return this.problem ? html`<div class="page">${this.problemLine}</div>` : nothing;
    document.title = `${one.title} – Balcão`;
    return html`<div class="page wide document">
      <button type="button" class="quiet back" @click=${() => history.back()}>${back()}${t("document.back")}</button>
      <header class="head"><div><h1>${one.title}</h1>
        <p class="facts"><span>${one.file_name}</span><span>${size(one.bytes)}</span><span>${t("documents.pages", { count: one.pages })}</span><span>${t("document.added", { date: date(one.created_at) })}</span></p></div>
        <a class="button" href="/api/documents/${one.id}/original" download>${t("document.original")}</a>
      </header>
      ${this.problemLine}
      ${one.problem ? html`<p class="problem" role="alert">${one.problem.detail}</p>` : nothing}
      ${one.state !== "ready" ? nothing : html`<div class="reader">
        <section class="report" aria-label=${t("document.report")}>${this.#report(one)}</section>
        <section class="view" aria-label=${t("document.page")}>${this.#place
          ? html`<balcao-page .place=${this.#place} @turned=${(/** @type {CustomEvent} */ event) => this.#turned(event.detail)}></balcao-page>` : nothing}</section>
      </div>`}
    </div>`;
  }

  /** @param {import("../../shared/types").DocumentRecord} one */
  #report(one) {
    const shown = this.#onlyPoor ? this.#pages.filter((page) => page.how === "unreadable") : this.#pages;
    return html`<h2>${t("document.report")}</h2>
      ${one.pages_unreadable ? html`<label class="check"><input type="checkbox" .checked=${this.#onlyPoor}
        @change=${() => { this.#onlyPoor = !this.#onlyPoor; this.changed(); }}><span>${t("document.onlyPoor", { count: one.pages_unreadable })}</span></label>`
        : html`<p class="hint">${t("document.allRead")}</p>`}
      <ol class="pages">${shown.map((page) => html`<li><a href="#/documents/${one.id}?page=${page.number}" aria-current=${page.number === this.#number ? "true" : "false"}>
        <span class="number">${page.number}</span><span class="light ${page.how}">${how(page)}</span></a></li>`)}</ol>`;
  }
}

define("page-document", DocumentPage);
