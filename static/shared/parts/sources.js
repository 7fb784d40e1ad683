/** Where an answer stands: footnotes, passages, and how a source is called. */
import { html } from "../lit.js";
import { excerpt } from "../text.js";
import { t } from "../words.js";

/** @typedef {import("../types").Citation} Citation */
/** @typedef {import("../types").Passage} Passage */
/** @typedef {Pick<Passage, "document" | "page" | "start" | "end">} Where */
/** @typedef {{ open(event: MouseEvent, source: Where): void }} Opener */

/** @param {Pick<Passage, "document" | "page" | "place">} source */
export function sourceName(source) {
  const { document: from, page, place } = source;
  const title = place ? `${from.title}, ${place}` : from.title;
  return page === null ? title : t("answer.page", { title, page: String(page) });
}

/** @param {readonly Citation[]} citations @param {Opener} opener */
export function footnotes(citations, opener) {
  return html`<div class="footnotes" role="group" aria-label=${t("answer.sources")}>
    <ol>${citations.map((one) => html`<li>
      <span class="number" aria-hidden="true">${one.n}</span>
      <span><a class="title" href=${address(one)} aria-label=${t("answer.source", { n: one.n, name: sourceName(one) })}
        @click=${(/** @type {MouseEvent} */ event) => opener.open(event, one)}>${sourceName(one)}</a>
        <q>${one.quote}</q></span>
    </li>`)}
    </ol>
  </div>`;
}

/** The end of a heading's path: what lies above it is the document itself. @param {string} heading */
const nearby = (heading) => heading.split(" › ").slice(-2).join(" › ");

/**
 * The places of a passage that an answer cites, relative to its text.
 * @param {Passage} passage @param {readonly Citation[]} citations
 */
const cited = (passage, citations) => citations
  .filter((one) => one.document.id === passage.document.id && one.start < passage.end && one.end > passage.start)
  .map((one) => /** @type {[number, number]} */ ([one.start - passage.start, one.end - passage.start]));

/** @param {readonly Passage[]} passages @param {Opener} opener @param {readonly Citation[]} [citations] */
export function passageList(passages, opener, citations = []) {
  return html`<ul class="passages" aria-label=${t("answer.found")}>${passages.map((one) => html`<li>
    <a href=${address(one)} @click=${(/** @type {MouseEvent} */ event) => opener.open(event, one)}>
      <span class="title">${sourceName(one)}</span>
      ${one.heading && !one.place ? html`<span class="where">${nearby(one.heading)}</span>` : ""}
      ${lines(one.text, cited(one, citations))}
    </a></li>`)}</ul>`;
}

/** @param {string} text @param {[number, number][]} spans */
const lines = (text, spans) => html`<span class=${spans.length ? "lines cited" : "lines"}>${excerpt(text, spans)
  .map((piece) => (piece.cited ? html`<mark>${piece.text}</mark>` : piece.text))}</span>`;

/**
 * Offers a place to whoever shows pages (`place`, bubbles); taken, the link is not followed.
 * @param {HTMLElement} from @param {MouseEvent} event @param {Where} source
 * @param {readonly Where[]} [among] the sources that it is one of
 */
export function offer(from, event, source, among = []) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const detail = { ...placeOf(source), among: among.map(placeOf) };
  if (!from.dispatchEvent(new CustomEvent("place", { bubbles: true, cancelable: true, detail }))) event.preventDefault();
}

/** @param {Where} source @returns {import("../types").Place} */
const placeOf = ({ document: of, page, start, end }) => ({ document: of, page, start, end });

/**
 * Where a source is shown in the console.
 * @param {Where} source
 */
export function address(source) {
  const { document: from, page, start, end } = source;
  return `/#/documents/${encodeURIComponent(from.id)}?page=${page ?? 1}&start=${start}&end=${end}`;
}
