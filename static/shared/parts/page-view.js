/**
 * One page of a document with the cited lines marked: the picture of the page
 * where the document has paper pages, its text otherwise (or when asked for).
 * The picture is fetched, not linked, because a visitor's token travels in a
 * header; it is let go of when the page changes.
 */
import { all, ask, get, Problem } from "../api.js";
import { define, Part } from "../element.js";
import { html, nothing } from "../lit.js";
import { marked } from "../text.js";
import { percent, t } from "../words.js";
import { back, next } from "./icons.js";
import { notesOf } from "./page-notes.js";

/** @typedef {import("../types").Place} Place */

class PageViewPart extends Part {
  /** @type {Place | null} */
  #place = null;
  number = 1;
  /** @type {import("../types").PageRecord | null} */
  #page = null;
  #pages = 0;
  #picture = "";
  /** @type {import("../types").Box[]} */
  #boxes = [];
  #asText = false;
  /** Large enough to read the lines on a small screen; the reader may change it. */
  #large = false;
  #problem = "";

  /** @param {Place} place */
  set place(place) {
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return;
    this.#place = place;
    this.number = place.page ?? 1;
    void this.#load();
  }

  closed() {
    URL.revokeObjectURL(this.#picture);
  }

  /** @param {number} number */
  turn(number) {
    this.number = number;
    this.dispatchEvent(new CustomEvent("turned", { bubbles: true, detail: number }));
    void this.#load();
  }

  async #load() {
    const place = this.#place;
    const number = this.number;
    if (!place) return;
    this.#page = null;
    this.#boxes = [];
    this.#problem = "";
    URL.revokeObjectURL(this.#picture);
    this.#picture = "";
    this.changed();
    try {
      const base = `/api/documents/${encodeURIComponent(place.document.id)}`;
      const [whole, page] = await Promise.all([get(base), pageOf(base, number)]);
      if (number !== this.number || place !== this.#place) return;
      this.#pages = Math.max(1, whole.pages);
      this.#page = page;
      if (onPaper(whole.media_type)) await this.#fetchPicture(`${base}/pages/${number}`, place);
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {string} base @param {Place} place */
  async #fetchPicture(base, place) {
    try {
      const image = await ask("GET", `${base}/image`, { accept: "image/png" });
      this.#picture = URL.createObjectURL(await image.blob());
      if (place.start === null || this.number !== (place.page ?? 1)) return;
      this.#boxes = (await get(`${base}/boxes?start=${place.start}&end=${place.end}`)).boxes;
      this.#large = this.#boxes.length > 0 && this.clientWidth < 400;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
    }
  }

  #show() {
    this.querySelector(".box, mark")?.scrollIntoView({ block: "center", inline: "nearest" });
    const lens = this.querySelector(".lens");
    // Enlarged, the page is wider than its lens: the marked lines begin at the left edge.
    if (lens && this.#boxes.length) lens.scrollLeft = Math.min(...this.#boxes.map((box) => box.x)) * lens.scrollWidth - 12;
  }

  template() {
    const page = this.#page;
    if (this.#problem) return html`<p class="problem" role="alert">${this.#problem}</p>`;
    if (!page || !this.#place) return html`<p class="pulse" role="status">${t("page.opening")}</p>`;
    const picture = this.#picture && !this.#asText;
    return html`
      <div class="turner">
        <button type="button" class="quiet" aria-label=${t("page.previous")} ?disabled=${this.number <= 1} @click=${() => this.turn(this.number - 1)}>${back()}</button>
        <span class="number">${this.#pages > 1 ? t("page.of", { page: this.number, pages: this.#pages }) : t("page.only", { page: this.number })}</span>
        <button type="button" class="quiet" aria-label=${t("page.next")} ?disabled=${this.number >= this.#pages} @click=${() => this.turn(this.number + 1)}>${next()}</button>
        <span class="how">${how(page)}</span>
        ${picture ? html`<button type="button" class="small" aria-pressed=${String(this.#large)}
          @click=${() => { this.#large = !this.#large; this.changed(); }}>${t("page.large")}</button>` : nothing}
        ${this.#picture ? html`<button type="button" class="small" aria-pressed=${String(this.#asText)}
          @click=${() => { this.#asText = !this.#asText; this.changed(); }}>${t("page.text")}</button>` : nothing}
      </div>
      ${picture ? this.#sheet(this.#place) : this.#words(page, this.#place)}`;
  }

  /** @param {Place} place */
  #sheet(place) {
    return html`<div class="lens ${this.#large ? "large" : ""}" tabindex="0" role="group" aria-label=${t("page.lens")}><div class="sheet">
      <img src=${this.#picture} alt=${t("page.picture", { page: this.number, title: place.document.title })} @load=${() => this.#show()}>
      ${this.#boxes.map((box) => html`<span class="box" .style=${`left:${box.x * 100}%;top:${box.y * 100}%;width:${box.width * 100}%;height:${box.height * 100}%`}></span>`)}
    </div></div>`;
  }

  /** @param {import("../types").PageRecord} page @param {Place} place */
  #words(page, place) {
    const from = page.start ?? 0;
    const at = (/** @type {number | null} */ offset) => (offset === null ? null : offset - from);
    const [before, cited, after] = marked(page.text, at(place.start), at(place.end));
    queueMicrotask(() => this.#show());
    return html`<div class="sheet text" tabindex="0" role="document" aria-label=${t("page.picture", { page: page.number, title: place.document.title })}>
      ${page.text.trim() ? html`${before}${cited ? html`<mark>${cited}</mark>` : nothing}${after}` : html`<em>${t("page.empty")}</em>`}
      ${notesOf(page)}
    </div>`;
  }
}

/** @param {string} base @param {number} number @returns {Promise<import("../types").PageRecord>} */
async function pageOf(base, number) {
  const page = await get(`${base}/pages/${number}`);
  if (page.start !== undefined) return page;
  return (await all(`${base}/pages`)).find((one) => one.number === number) ?? page;
}

/** @param {string} mediaType @returns {boolean} whether the document has pages that can be pictured */
export const onPaper = (mediaType) => mediaType === "application/pdf" || mediaType.startsWith("image/");

/** @param {import("../types").PageRecord} page */
export function how(page) {
  if (page.how === "ocr" && page.confidence !== null) return t("how.ocrAt", { share: percent(page.confidence) });
  return t(`how.${page.how}`);
}

define("balcao-page", PageViewPart);
