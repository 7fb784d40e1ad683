/** Whether there is an answer at all: the probability, the three thresholds, and what it is made of. */
import { html } from "../../shared/lit.js";
import { number, percent, t } from "../../shared/words.js";
import { known } from "./bench-names.js";

/** @typedef {import("../../shared/types").BenchReport} Report */

/** @param {Report} report */
export function evidence(report) {
  const share = percent(report.answerable);
  return html`<section><h3>${t("bench.evidence")}</h3>
    <p class="chance"><strong>${share}</strong> <span>${t("bench.chance")}</span></p>
    <div class="gauge" aria-hidden="true">
      <span class="reached" .style=${`width:${report.answerable * 100}%`}></span>
      ${report.levels.map((level) => html`<span class="tick ${level.strictness === report.strictness ? "own" : ""}" .style=${`left:${level.threshold * 100}%`}></span>`)}
    </div>
    <ul class="levels">${[...report.levels].reverse().map((level) => html`<li class=${level.strictness === report.strictness ? "own" : ""}>
      <span class="light ${level.answers ? "ready" : "wanting"}">${t(`strictness.${level.strictness}`)}: ${level.answers ? t("bench.answers") : t("bench.refuses")}</span>
      <span class="sub">${t("bench.from", { share: percent(level.threshold) })}${level.strictness === report.strictness ? ` · ${t("bench.own")}` : ""}</span></li>`)}</ul>
    <details><summary>${t("bench.facts")}</summary>
      <dl>${Object.entries(report.facts).map(([name, value]) => html`<div><dt>${known("fact", name)}</dt>
        <dd>${value === null ? "–" : number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</dd></div>`)}</dl>
    </details>
  </section>`;
}
