/** Above a page: turning it, going from one cited place to the next, making it larger, its text. */
import { html, nothing } from "../lit.js";
import { t } from "../words.js";
import { back, next } from "./icons.js";

/** Shares of the pane's width; the second is large enough for the lines on a telephone. */
export const ZOOMS = [1, 1.5, 2, 3];

/**
 * @typedef {object} Turning
 * @property {number} number
 * @property {number} pages 0 until it is known
 * @property {number} cited which of the sources stands open, from 0; -1 for none of them
 * @property {number} sources
 * @property {boolean} paper whether there is a picture
 * @property {boolean} asText
 * @property {number} zoom which of ZOOMS
 * @property {string} how it was read
 */

/** @param {Turning} at @param {(act: Act) => void} act */
export function turner(at, act) {
  return html`<div class="turner" role="group" aria-label=${t("page.tools")}>
    ${step("turn", -1, t("page.previous"), at.number > 1)}
    <span class="number" role="status">${at.pages > 1 ? t("page.of", { page: at.number, pages: at.pages }) : t("page.only", { page: at.number })}</span>
    ${step("turn", 1, t("page.next"), at.number < at.pages)}
    ${at.sources > 1 ? html`<span class="cited-places">${step("source", -1, t("page.citedPrevious"), at.cited > 0)}
      <span class="number">${at.cited < 0 ? t("page.citedNone") : t("page.citedOf", { place: at.cited + 1, places: at.sources })}</span>
      ${step("source", 1, t("page.citedNext"), at.cited < at.sources - 1)}</span>` : nothing}
    <span class="how">${at.how}</span>
    ${at.paper && !at.asText ? html`<span class="zoom">${step("zoom", -1, t("page.smaller"), at.zoom > 0)}${step("zoom", 1, t("page.large"), at.zoom < ZOOMS.length - 1)}</span>` : nothing}
    ${at.paper ? html`<button type="button" class="small" aria-pressed=${String(at.asText)} @click=${() => act({ what: "text", by: 0 })}>${t("page.text")}</button>` : nothing}
  </div>`;

  /** @param {Act["what"]} what @param {number} by @param {string} name @param {boolean} possible */
  function step(what, by, name, possible) {
    const sign = what === "zoom" ? (by < 0 ? "−" : "+") : by < 0 ? back() : next();
    // Not disabled: the last page would take the focus away from whoever turned to it.
    return html`<button type="button" class="quiet" aria-label=${name} title=${name} aria-disabled=${String(!possible)} @click=${() => possible && act({ what, by })}>${sign}</button>`;
  }
}

/** @typedef {{ what: "turn" | "source" | "zoom" | "text", by: number }} Act */

/** @type {Record<string, Act>} */
const KEYS = {
  ArrowLeft: { what: "turn", by: -1 }, ArrowRight: { what: "turn", by: 1 },
  p: { what: "source", by: -1 }, n: { what: "source", by: 1 },
  "-": { what: "zoom", by: -1 }, "+": { what: "zoom", by: 1 }, "=": { what: "zoom", by: 1 },
  t: { what: "text", by: 0 },
};

/**
 * What a key asks for while the focus is inside the page; an enlarged picture scrolls sideways first.
 * @param {KeyboardEvent} event @returns {Act | null}
 */
export function asked(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const within = /** @type {HTMLElement} */ (event.target);
  if (event.key.startsWith("Arrow") && within.scrollWidth > within.clientWidth + 1 && within.classList.contains("lens")) return null;
  return KEYS[event.key] ?? null;
}
