/** A page as it was read: its text with the cited lines marked, and how it was read. */
import { all, get } from "../api.js";
import { html, nothing } from "../lit.js";
import { marked } from "../marked.js";
import { percent, t } from "../words.js";
import { notesOf } from "./page-notes.js";
import "./rare.js";

/** @param {import("../types").PageRecord} page @param {import("../types").Place} place */
export function asText(page, place) {
  const from = page.start ?? 0;
  const at = (/** @type {number | null} */ offset) => (offset === null ? null : offset - from);
  const [before, cited, after] = marked(page.text, at(place.start), at(place.end));
  return html`<div class="sheet text" tabindex="0" role="document" aria-label=${t("page.picture", { page: page.number, title: place.document.title })}>
    ${page.text.trim() ? html`${before}${cited ? html`<mark>${cited}</mark>` : nothing}${after}` : html`<em>${t("page.empty")}</em>`}
    ${notesOf(page)}
  </div>`;
}

/** @param {string} base @param {number} number @returns {Promise<import("../types").PageRecord>} */
export async function pageOf(base, number) {
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
