/**
 * One page of a document: its picture beside the text that was read from it, and what can be
 * settled about it. Arrow keys turn the page, plus and minus enlarge it. Fires `turned` with
 * a number, and `settled` with the page as the server has it then.
 */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { back, next } from "./drawings.js";
import { onPaper } from "../../shared/parts/page-read.js";
import { t } from "../../shared/words.js";
import { mayChange } from "../session.js";
import { ZOOMS } from "./page-sheet.js";
import { pageText } from "./page-text.js";
import { reading } from "./page-words.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */
/** @typedef {import("../../shared/types").PageRecord} PageRecord */
/** @typedef {import("../../shared/types").Place} Place */

class ReadPagePart extends Part {
  /** @type {DocumentRecord | null} */
  #document = null;
  /** @type {Place | null} */
  #place = null;
  /** @type {PageRecord | null} */
  #page = null;
  #zoom = 0;
  #asText = false; // on a small screen, where only one of the two is shown
  #editing = false;
  #problem = "";
  #key = (/** @type {KeyboardEvent} */ event) => this.#pressed(event);

  /** @param {DocumentRecord} one */
  set document(one) {
    this.#document = one;
    this.changed();
  }

  /** @param {Place} place */
  set place(place) {
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return;
    this.#place = place;
    this.#editing = false;
    if (this.isConnected) void this.load();
  }

  opened() {
    document.addEventListener("keydown", this.#key);
    void this.load();
  }

  closed() {
    document.removeEventListener("keydown", this.#key);
  }

  get #base() {
    return `/api/documents/${this.#place?.document.id}/pages/${this.#place?.page ?? 1}`;
  }

  /** Asks for the page as it is now. */
  async load() {
    const place = this.#place;
    await this.#trying(async () => {
      const page = await get(this.#base);
      if (place === this.#place) this.#page = page;
    });
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#problem = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  /** @param {{ accepted?: boolean, text?: string | null }} what */
  #settle(what) {
    return this.#trying(async () => {
      this.#page = await request("PATCH", this.#base, what);
      this.#editing = false;
      this.dispatchEvent(new CustomEvent("settled", { bubbles: true, detail: this.#page }));
    });
  }

  /** @param {number} step */
  #turn(step) {
    const wished = (this.#place?.page ?? 1) + step;
    if (wished < 1 || wished > (this.#document?.pages ?? 1)) return;
    this.dispatchEvent(new CustomEvent("turned", { bubbles: true, detail: wished }));
  }

  /** @param {number} step */
  #enlarge(step) {
    this.#zoom = Math.min(Math.max(0, this.#zoom + step), ZOOMS.length - 1);
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.altKey || event.ctrlKey || event.metaKey || at.closest("input, textarea, select, dialog")) return;
    // Enlarged, the arrows move the picture that has the focus.
    if (this.#zoom && at.closest(".lens") && event.key.startsWith("Arrow")) return;
    if (event.key === "ArrowLeft") this.#turn(-1);
    if (event.key === "ArrowRight") this.#turn(1);
    if (event.key === "+" || event.key === "=") this.#enlarge(1);
    if (event.key === "-") this.#enlarge(-1);
  }

  template() {
    const [page, one] = [this.#page, this.#document];
    const problem = this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing;
    if (!page || !one || !this.#place) return this.#problem ? problem : html`<p class="pulse" role="status">${t("page.opening")}</p>`;
    const paper = onPaper(one.media_type);
    return html`${this.#turner(page, one, paper)}${problem}
      <div class="pair ${paper ? "" : "alone"} ${paper && !this.#asText ? "picture" : "text"}">
        ${paper ? html`<balcao-page-sheet .place=${this.#place} .zoom=${this.#zoom}></balcao-page-sheet>` : nothing}
        ${pageText(page, this.#place, {
          edits: mayChange(one), editing: this.#editing, busy: one.state !== "ready",
          edit: (editing) => { this.#editing = editing; this.#asText = true; this.changed(); },
          settle: (what) => void this.#settle(what),
        })}
      </div>`;
  }

  /** @param {PageRecord} page @param {DocumentRecord} one @param {boolean} paper */
  #turner(page, one, paper) {
    const at = this.#place?.page ?? 1;
    return html`<div class="turner">
      <button type="button" class="quiet" aria-label=${t("page.previous")} ?disabled=${at <= 1} @click=${() => this.#turn(-1)}>${back()}</button>
      <span class="number" role="status">${one.pages > 1 ? t("page.of", { page: at, pages: one.pages }) : t("page.only", { page: at })}</span>
      <button type="button" class="quiet" aria-label=${t("page.next")} ?disabled=${at >= one.pages} @click=${() => this.#turn(1)}>${next()}</button>
      <span class="how light ${page.how}">${reading(page)}</span>
      ${paper ? html`<span class="zoom"><button type="button" class="quiet" aria-label=${t("read.smaller")} ?disabled=${!this.#zoom} @click=${() => this.#enlarge(-1)}>−</button>
        <button type="button" class="quiet" aria-label=${t("page.large")} ?disabled=${this.#zoom === ZOOMS.length - 1} @click=${() => this.#enlarge(1)}>+</button></span>
        <button type="button" class="small switch" aria-pressed=${String(this.#asText)} @click=${() => { this.#asText = !this.#asText; this.changed(); }}>${t("page.text")}</button>` : nothing}
    </div>`;
  }
}

define("balcao-read-page", ReadPagePart);
export { ReadPagePart };
