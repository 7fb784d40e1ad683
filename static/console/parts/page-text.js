/** The text that was read from a page: doubtful words marked, what was removed folded, what was noted; a person may correct it. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { pieces, sentences } from "./page-words.js";

/** @typedef {import("../../shared/types").PageRecord} PageRecord */
/** @typedef {import("../../shared/types").Place} Place */
/**
 * @typedef {object} Hands
 * @property {boolean} edits whether this person may settle pages
 * @property {boolean} editing
 * @property {boolean} busy whether the document is being read or indexed just now
 * @property {(editing: boolean) => void} edit
 * @property {(what: { accepted?: boolean, text?: string | null }) => void} settle
 */

/** @param {PageRecord} page @param {Place | null} place @param {Hands} hands */
export function pageText(page, place, hands) {
  return html`<section class="read" aria-label=${t("read.text")}>
    ${hands.editing ? editor(page, hands) : html`
      <div class="sheet text" tabindex="0" role="document" aria-label=${t("read.text")}>${page.text.trim() ? words(page, place) : html`<em>${t("page.empty")}</em>`}</div>
      ${hands.edits ? actions(page, hands) : nothing}`}
    ${remarks(page, hands)}
  </section>`;
}

/** @param {PageRecord} page @param {Place | null} place */
function words(page, place) {
  const from = page.start ?? 0;
  const cited = place && place.start !== null && place.end !== null && (place.page ?? 1) === page.number
    ? /** @type {[number, number]} */ ([place.start - from, place.end - from]) : null;
  return pieces(page.text, page.doubtful ?? [], cited).map((piece) => {
    const text = piece.doubtful ? html`<span class="unsure" title=${t("read.unsure")}>${piece.text}</span>` : piece.text;
    return piece.cited ? html`<mark>${text}</mark>` : text;
  });
}

/** @param {PageRecord} page @param {Hands} hands */
function actions(page, hands) {
  return html`<div class="row">
    ${page.to_check ? html`<button type="button" class="primary small" @click=${() => hands.settle({ accepted: true })}>${page.text.trim() ? t("read.accept") : t("read.acceptEmpty")}</button>` : nothing}
    ${page.accepted ? html`<span class="light ready">${t("read.accepted")}</span><button type="button" class="quiet" @click=${() => hands.settle({ accepted: false })}>${t("read.undo")}</button>` : nothing}
    <button type="button" class="small" ?disabled=${hands.busy} @click=${() => hands.edit(true)}>${t("read.correct")}</button>
  </div>`;
}

/** @param {PageRecord} page @param {Hands} hands */
function editor(page, hands) {
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLTextAreaElement} */ (/** @type {HTMLElement} */ (event.target).querySelector("textarea"));
    hands.settle({ text: field.value });
  };
  return html`<form class="editor" @submit=${save}>
    <label for="page-text">${t("read.correctLabel", { page: page.number })}</label>
    <textarea id="page-text" rows="18" maxlength="500000" aria-describedby="page-text-hint" .value=${page.text}></textarea>
    <p class="hint" id="page-text-hint">${t("read.correctHint")}</p>
    <div class="row end"><button type="button" @click=${() => hands.edit(false)}>${t("wizard.cancel")}</button><button class="primary">${t("behaviour.save")}</button></div>
  </form>`;
}

/** @param {PageRecord} page @param {Hands} hands */
function remarks(page, hands) {
  const unsure = page.doubtful?.length ?? 0;
  const notes = [...(unsure ? [t("read.doubtful", { count: unsure })] : []), ...sentences(page.notes)];
  const { corrected, removed } = page;
  if (!notes.length && !corrected && !removed?.length) return nothing;
  return html`<div class="remarks">
    ${notes.map((note) => html`<p>${note}</p>`)}
    ${removed?.length ? html`<details><summary>${t("read.removed", { count: removed.length })}</summary><ul>${removed.map((line) => html`<li>${line}</li>`)}</ul></details>` : nothing}
    ${corrected ? html`<p>${t("read.corrected", { name: corrected.by, date: date(corrected.at, true) })}
      ${hands.edits && !hands.busy ? html`<button type="button" class="quiet" @click=${() => hands.settle({ text: null })}>${t("read.revert")}</button>` : nothing}</p>
      <details><summary>${t("read.original")}</summary><p class="was">${corrected.read?.trim() ? corrected.read : t("page.empty")}</p></details>` : nothing}
  </div>`;
}
