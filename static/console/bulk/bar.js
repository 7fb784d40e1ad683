/** The bar of a list: how many are chosen, what may be done to them all, what became of it. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/** @typedef {{ word: string, act: () => void, kind?: string }} Act a button: the end of its phrase, what it does */

/**
 * @param {import("./chosen.js").Chosen} chosen @param {import("./together.js").Together} together
 * @param {readonly Act[]} acts
 */
export const bar = (chosen, together, acts) => html`<div class="bulk ${chosen.size || together.total ? "busy" : ""}" role="region" aria-label=${t("bulk.label")}>
  ${chosen.size && !together.total ? html`<div class="row"><strong role="status">${t("bulk.chosen", { count: chosen.size })}</strong>
    ${acts.map(({ word, act, kind = "" }) => html`<button type="button" class="small ${kind}" @click=${act}>${t(`bulk.${word}`)}</button>`)}
    <button type="button" class="quiet" @click=${() => chosen.only([])}>${t("bulk.none")}</button></div>` : nothing}
  ${together.total ? html`<p class="pulse">${t("bulk.doing", { done: together.ended, count: together.total })}</p>
    <progress max=${together.total} value=${together.ended} aria-label=${t("bulk.label")}></progress>` : nothing}
  <div class="row"><p class="hint" role="status">${together.said}</p>
    ${together.undo ? html`<button type="button" class="small" @click=${together.undo}>${t("bulk.undo")}</button>` : nothing}</div>
  ${together.failures.length ? html`<div class="problem" role="alert"><div><p>${t("bulk.failed", { count: together.failures.length })}</p>
    <ul>${together.failures.map((one) => html`<li><strong>${one.name}</strong>: ${one.problem}</li>`)}</ul></div></div>` : nothing}
</div>`;
