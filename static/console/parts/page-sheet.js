/**
 * The picture of a page, which can be enlarged, with the cited lines marked. It is fetched
 * only once the reader stays on a page: leafing through a thousand pages draws none of them.
 */
import { ask, get, Problem } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Place} Place */

const STAYS = 150; // ms
export const ZOOMS = [1, 1.5, 2, 3];

class PageSheetPart extends Part {
  /** @type {Place | null} */
  #place = null;
  #zoom = 0;
  #picture = "";
  /** @type {import("../../shared/types").Box[]} */
  #boxes = [];
  #problem = "";
  #timer = 0;

  /** @param {Place} place */
  set place(place) {
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return;
    this.#place = place;
    this.#let();
    this.#boxes = [];
    this.#problem = "";
    this.#timer = setTimeout(() => void this.#draw(place), STAYS);
    this.changed();
  }

  /** @param {number} zoom which of ``ZOOMS`` */
  set zoom(zoom) {
    this.#zoom = zoom;
    this.changed();
  }

  closed() {
    this.#let();
    this.#place = null;
  }

  #let() {
    clearTimeout(this.#timer);
    URL.revokeObjectURL(this.#picture);
    this.#picture = "";
  }

  /** @param {Place} place */
  async #draw(place) {
    const base = `/api/documents/${encodeURIComponent(place.document.id)}/pages/${place.page ?? 1}`;
    const here = () => this.isConnected && place === this.#place;
    try {
      const image = await (await ask("GET", `${base}/image`, { accept: "image/png" })).blob();
      if (!here()) return;
      this.#picture = URL.createObjectURL(image);
      this.changed();
      if (place.start === null) return;
      const { boxes } = await get(`${base}/boxes?start=${place.start}&end=${place.end}`);
      if (here()) this.#boxes = boxes;
    } catch (error) {
      if (here() && !(error instanceof Problem && error.status === 404)) this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  drawn() {
    this.querySelector(".box")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  template() {
    const place = this.#place;
    if (!place) return nothing;
    return html`<div class="lens" tabindex="0" role="group" aria-label=${t("page.lens")}><div class="sheet" .style=${`width:${ZOOMS[this.#zoom] * 100}%`}>
      ${this.#picture ? html`<img src=${this.#picture} alt=${t("page.picture", { page: place.page ?? 1, title: place.document.title })}>`
        : html`<div class="blank">${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}</div>`}
      ${this.#boxes.map((box) => html`<span class="box" .style=${`left:${box.x * 100}%;top:${box.y * 100}%;width:${box.width * 100}%;height:${box.height * 100}%`}></span>`)}
    </div></div>`;
  }
}

define("balcao-page-sheet", PageSheetPart);
