/**
 * One page of a document with the cited lines marked: the picture of the page
 * where the document has paper pages, its text otherwise (or when asked for).
 * Drawn by the server, with boxes, and not by a PDF viewer in the browser: scans
 * have their lines marked as well, and who may not download the original is not sent it.
 * The picture is fetched, not linked, because a visitor's token travels in a
 * header; it is let go of when the page changes.
 */
import { ask, get, Problem } from "../api.js";
import { define, Part } from "../element.js";
import { html, nothing } from "../lit.js";
import { t } from "../words.js";
import { asText, how, onPaper, pageOf } from "./page-read.js";
import { asked, turner, ZOOMS } from "./page-turner.js";

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
  #zoom = 0; // which of ZOOMS; at first what lets the lines be read on a small screen
  #problem = "";

  /** @param {Place} place */
  set place(place) {
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return;
    this.#place = place;
    this.number = place.page ?? 1;
    void this.#load();
  }

  opened() {
    this.addEventListener("keydown", (event) => {
      const act = asked(event);
      if (act) event.preventDefault();
      if (act) this.#act(act);
    });
  }

  closed() {
    URL.revokeObjectURL(this.#picture);
  }

  /** Which of the sources stands open; -1 for none. */
  get #cited() {
    const { among = [], start, document: of } = /** @type {Place} */ (this.#place);
    return among.findIndex((one) => one.start === start && one.document.id === of.id);
  }

  /** @param {import("./page-turner.js").Act} act */
  #act({ what, by }) {
    if (what === "turn" && this.number + by >= 1 && this.number + by <= this.#pages) this.turn(this.number + by);
    if (what === "source") this.#goTo(this.#cited + by);
    if (what === "zoom") this.#zoom = Math.min(Math.max(this.#zoom + by, 0), ZOOMS.length - 1);
    if (what === "text") this.#asText = !this.#asText;
    this.changed();
  }

  /** To another of the answer's sources, whoever holds this page agreeing. @param {number} index */
  #goTo(index) {
    const { among = [] } = /** @type {Place} */ (this.#place);
    if (!among[index]) return;
    const detail = { ...among[index], among };
    if (this.dispatchEvent(new CustomEvent("place", { bubbles: true, cancelable: true, detail }))) this.place = detail;
  }

  /** @param {number} number */
  turn(number) {
    this.number = number;
    this.dispatchEvent(new CustomEvent("turned", { bubbles: true, detail: number }));
    void this.#load();
  }

  async #load() {
    const [place, number] = [this.#place, this.number];
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
      const image = await (await ask("GET", `${base}/image`, { accept: "image/png" })).blob();
      const marks = place.start !== null && this.number === (place.page ?? 1);
      const boxes = marks ? (await get(`${base}/boxes?start=${place.start}&end=${place.end}`)).boxes : [];
      if (place !== this.#place || !base.endsWith(`/${this.number}`)) return; // the reader has gone on
      this.#picture = URL.createObjectURL(image);
      this.#boxes = boxes;
      if (this.#boxes.length && this.clientWidth < 400) this.#zoom = Math.max(this.#zoom, 1);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
    }
  }

  drawn() {
    if (this.querySelector("mark")) this.#show();
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
    if (!this.#place) return nothing;
    const { among = [] } = this.#place;
    const paper = Boolean(this.#picture);
    const at = { number: this.number, pages: this.#pages, cited: this.#cited, sources: among.length, paper, asText: this.#asText, zoom: this.#zoom, how: page ? how(page) : "" };
    return html`${turner(at, (act) => this.#act(act))}
      ${!page ? html`<p class="pulse" role="status">${t("page.opening")}</p>` : paper && !this.#asText ? this.#sheet(this.#place) : asText(page, this.#place)}`;
  }

  /** @param {Place} place */
  #sheet(place) {
    return html`<div class="lens" tabindex="0" role="group" aria-label=${t("page.lens")}><div class="sheet" .style=${this.#zoom ? `width:max(${ZOOMS[this.#zoom] * 100}%, ${24 * ZOOMS[this.#zoom]}rem)` : ""}>
      <img src=${this.#picture} alt=${t("page.picture", { page: this.number, title: place.document.title })} @load=${() => this.#show()}>
      ${this.#boxes.map((box) => html`<span class="box" .style=${`left:${box.x * 100}%;top:${box.y * 100}%;width:${box.width * 100}%;height:${box.height * 100}%`}></span>`)}
    </div></div>`;
  }
}

define("balcao-page", PageViewPart);
