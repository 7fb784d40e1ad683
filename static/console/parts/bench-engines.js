/** What each of the two engines found alone, side by side. */
import { html } from "../../shared/lit.js";
import { sourceName } from "../../shared/parts/sources.js";
import { number, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Seen} Seen */

/** @param {import("../../shared/types").BenchReport} report */
export function engines(report) {
  return html`<section><h3>${t("bench.engines")}</h3>
    <div class="engines">
      <div><h4>${t("engine.keywords")}</h4><p class="hint">${t("bench.keywordsHint")}</p>${list(report.keywords, t("bench.noWords"))}</div>
      <div><h4>${t("engine.meaning")}</h4><p class="hint">${t("bench.meaningHint")}</p>${list(report.meaning ?? [], t("bench.noMeaning"))}</div>
    </div></section>`;
}

/** @param {Seen[]} seen @param {string} otherwise */
function list(seen, otherwise) {
  if (!seen.length) return html`<p class="none">${otherwise}</p>`;
  return html`<ol>${seen.map((one) => html`<li>
    <span class="place" aria-hidden="true">${one.rank}</span>
    <span class="what"><span class="title">${sourceName(one)}</span><span class="lines">${one.snippet}</span></span>
    <span class="score">${number(one.score, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</span></li>`)}</ol>`;
}
