/** Where an answer stands: footnotes, passages, and how a source is called. */
import { html } from "../lit.js";
import { t } from "../words.js";

/** @typedef {import("../types").Citation} Citation */
/** @typedef {import("../types").Passage} Passage */
/** @typedef {{ open(event: MouseEvent, source: Citation | Passage): void }} Opener */

/** @param {Citation | Passage} source */
export function sourceName(source) {
  const { document: from, page } = source;
  return page === null ? from.title : t("answer.page", { title: from.title, page: String(page) });
}

/** @param {readonly Citation[]} citations @param {Opener} opener */
export function footnotes(citations, opener) {
  return html`<section class="footnotes" aria-label=${t("answer.sources")}>
    <ol>${citations.map((one) => html`<li>
      <span class="number" aria-hidden="true">${one.n}</span>
      <span><a class="title" href=${address(one)} aria-label=${t("answer.source", { n: one.n, name: sourceName(one) })}
        @click=${(/** @type {MouseEvent} */ event) => opener.open(event, one)}>${sourceName(one)}</a>
        <q>${one.quote}</q></span>
    </li>`)}
    </ol>
  </section>`;
}

/** The end of a heading's path: what lies above it is the document itself. @param {string} heading */
const nearby = (heading) => heading.split(" › ").slice(-2).join(" › ");

/** @param {readonly Passage[]} passages @param {Opener} opener */
export function passageList(passages, opener) {
  return html`<ul class="passages" aria-label=${t("answer.found")}>${passages.map((one) => html`<li>
    <a href=${address(one)} @click=${(/** @type {MouseEvent} */ event) => opener.open(event, one)}>
      <span class="title">${sourceName(one)}</span>
      ${one.heading ? html`<span class="where">${nearby(one.heading)}</span>` : ""}
      <span class="lines">${one.text}</span>
    </a></li>`)}</ul>`;
}

/**
 * Where a source is shown in the console.
 * @param {Citation | Passage} source
 */
export function address(source) {
  const { document: from, page, start, end } = source;
  return `/#/documents/${encodeURIComponent(from.id)}?page=${page ?? 1}&start=${start}&end=${end}`;
}
