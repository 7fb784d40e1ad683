/**
 * The pages of a document as a list: those that need a look first, then all of them, a
 * hundred at a time. Fires `turned` with the number of the page that somebody chose.
 */
import { get } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { back, next } from "./drawings.js";
import { number, t } from "../../shared/words.js";
import { reading, summed } from "./page-words.js";
import "../../shared/parts/rare.js";

/** @typedef {import("../../shared/types").PageRecord} PageRecord */

const BLOCK = 100;
const WORRIES = 50;

class ReportPart extends Part {
  document = "";
  #number = 1;
  /** @type {import("../../shared/types").Summary | null} */
  #summary = null;
  /** @type {PageRecord[]} those of the block that is shown */
  #pages = [];
  #from = 0;
  /** @type {PageRecord[]} */
  #worries = [];
  #more = "";
  #problemsFirst = true;
  #problem = "";

  /** @param {number} number the page that is open */
  set number(number) {
    if (number === this.#number) return;
    this.#number = number;
    if (this.isConnected) void this.#block(number);
    this.changed();
  }

  opened() {
    void this.refresh();
  }

  /** Asks again how the pages are. */
  async refresh() {
    await this.#trying(async () => {
      [this.#summary] = await Promise.all([get(`/api/documents/${this.document}/report`), this.#worry(""), this.#load(this.#start(this.#number))]);
    });
  }

  /** @param {number} number @returns {number} the first page of its block */
  #start = (number) => number - ((number - 1) % BLOCK);

  /** @param {number} number */
  async #block(number) {
    if (this.#start(number) !== this.#from) await this.#trying(() => this.#load(this.#start(number)));
  }

  /** @param {number} from */
  async #load(from) {
    const { items } = await get(`/api/documents/${this.document}/pages?text=false&limit=${BLOCK}&cursor=${from - 1}`);
    this.#pages = items;
    this.#from = from;
  }

  /** @param {string} cursor */
  async #worry(cursor) {
    const found = await get(`/api/documents/${this.document}/pages?only=to_check&text=false&limit=${WORRIES}&cursor=${cursor}`);
    this.#worries = cursor ? [...this.#worries, ...found.items] : found.items;
    this.#more = found.next ?? "";
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#problem = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  /** @param {Event} event */
  #jump(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (/** @type {HTMLElement} */ (event.target).querySelector("input"));
    const wished = Math.min(Math.max(1, Math.round(Number(field.value))), this.#summary?.pages ?? 1);
    field.value = "";
    if (wished) this.dispatchEvent(new CustomEvent("turned", { bubbles: true, detail: wished }));
  }

  template() {
    const summary = this.#summary;
    if (!summary) return this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : html`<p class="pulse" role="status">${t("page.opening")}</p>`;
    return html`<h2>${t("document.report")}</h2>
      <p class="summed">${summed(summary)}</p>
      ${summary.to_check ? nothing : html`<p class="hint">${t("report.nothing")}</p>`}
      ${summary.pages > 10 ? html`<form class="jump row" @submit=${(/** @type {Event} */ event) => this.#jump(event)}>
        <label for="jump">${t("report.jump")}</label>
        <input id="jump" type="number" min="1" max=${summary.pages} inputmode="numeric" required>
        <button class="small">${t("report.go")}</button></form>` : nothing}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${summary.to_check ? html`<label class="check"><input type="checkbox" .checked=${this.#problemsFirst}
        @change=${() => { this.#problemsFirst = !this.#problemsFirst; this.changed(); }}><span>${t("report.first")}</span></label>` : nothing}
      <div class="pages" tabindex="0" role="group" aria-label=${t("document.report")}>
        ${summary.to_check && this.#problemsFirst ? html`<h3>${t("report.toCheck", { count: summary.to_check })}</h3>
          <ol>${this.#worries.map((page) => this.#row(page))}</ol>
          ${this.#more ? html`<button type="button" class="quiet" @click=${() => this.#trying(() => this.#worry(this.#more))}>${t("report.more")}</button>` : nothing}
          <h3>${t("report.all")}</h3>` : nothing}
        ${summary.pages > BLOCK ? this.#turner(summary.pages) : nothing}
        <ol>${this.#pages.map((page) => this.#row(page))}</ol>
      </div>`;
  }

  /** @param {number} pages */
  #turner(pages) {
    const last = Math.min(this.#from + BLOCK - 1, pages);
    return html`<div class="turner">
      <button type="button" class="quiet" aria-label=${t("report.before")} ?disabled=${this.#from <= 1} @click=${() => this.#trying(() => this.#load(this.#from - BLOCK))}>${back()}</button>
      <span>${t("report.block", { from: number(this.#from), to: number(last) })}</span>
      <button type="button" class="quiet" aria-label=${t("report.after")} ?disabled=${last >= pages} @click=${() => this.#trying(() => this.#load(this.#from + BLOCK))}>${next()}</button>
    </div>`;
  }

  /** @param {PageRecord} page */
  #row(page) {
    const settled = page.corrected ? t("report.corrected") : page.accepted ? t("report.accepted") : "";
    return html`<li><a href="#/documents/${this.document}?page=${page.number}" aria-current=${page.number === this.#number ? "true" : "false"}>
      <span class="number">${number(page.number)}</span>
      <span><span class="light ${settled ? "ready" : page.how} ${page.to_check ? "look" : ""}">${settled || reading(page)}</span>
      ${page.to_check && page.how === "digital" ? html`<span class="sub">${t("report.look")}</span>` : nothing}</span></a></li>`;
  }
}

define("balcao-report", ReportPart);
export { ReportPart };
