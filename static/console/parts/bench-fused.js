/** The passages in their final order, each with the bar of what its score is made of. */
import { html, nothing } from "../../shared/lit.js";
import { address, offer, sourceName } from "../../shared/parts/sources.js";
import { number, t } from "../../shared/words.js";
import { known } from "./bench-names.js";

/** @typedef {import("../../shared/types").BenchReport} Report */
/** @typedef {import("../../shared/types").Fused} Fused */
/** @typedef {import("../../shared/types").Share} Share */

const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

/** @param {Report} report @param {HTMLElement} part */
export function fused(report, part) {
  return html`<section><h3>${t("bench.fused")}</h3>
    <p class="hint">${t("bench.fusedHint")}</p>
    <ul class="legend">${report.fused[0].shares.map((one, index, all) => html`<li>${swatch(one, index, all)}${known("signal", one.signal)}
      <span class="sub">×${number(one.weight, { maximumFractionDigits: 2 })}</span></li>`)}</ul>
    <ol class="order">${report.fused.map((one, index) => html`<li>
      <span class="place" aria-hidden="true">${index + 1}</span>
      <div class="what">
        <p class="row spread"><a href=${address(one.passage)} @click=${(/** @type {MouseEvent} */ event) => offer(part, event, one.passage)}>${sourceName(one.passage)}</a>
          <span class="score">${number(one.passage.score, two)}</span></p>
        ${bar(one)}
        <p class="lines">${one.snippet}</p>
        <div class="ranks"><span>${rank("keywords", one.keywords)}</span><span>${rank("meaning", one.meaning)}</span>
          ${one.codes.length ? html`<span>${t("bench.exactly", { codes: one.codes.join(", ") })}</span>` : nothing}
          <details><summary>${t("bench.why")}<span class="unseen"> ${sourceName(one.passage)}</span></summary>${sum(one)}</details></div>
      </div></li>`)}</ol>
  </section>`;
}

/** @param {"keywords" | "meaning"} engine @param {number | null} place */
function rank(engine, place) {
  const name = t(`engine.${engine}`);
  return place === null ? t("bench.unranked", { engine: name }) : t("bench.rank", { engine: name, place: String(place) });
}

/** The bar of a score: as long as the score, a piece for each signal. @param {Fused} one */
function bar({ shares }) {
  return html`<div class="bar-of" aria-hidden="true">${shares.map((share, index) => (share.share > 0
    ? html`<span class=${family(share)} title="${known("signal", share.signal)} ${number(share.share, two)}" .style=${`width:${share.share * 100}%;--step:${step(index, shares)}`}></span>`
    : nothing))}</div>`;
}

/** The sum, for those who count. @param {Fused} one */
function sum({ passage, shares }) {
  return html`<table class="sum"><thead><tr><th scope="col">${t("bench.signal")}</th><th scope="col">${t("bench.value")}</th><th scope="col">${t("bench.weight")}</th><th scope="col">${t("bench.share")}</th></tr></thead>
    <tbody>${shares.map((one, index) => html`<tr><th scope="row">${swatch(one, index, shares)}${known("signal", one.signal)}</th>
      <td>${number(one.value, two)}</td><td>${number(one.weight, two)}</td><td>${number(one.share, two)}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row" colspan="3">${t("bench.sum")}</th><td>${number(passage.score, two)}</td></tr></tfoot></table>`;
}

/** @param {Share} one @param {number} index @param {Share[]} all */
const swatch = (one, index, all) => html`<span class="swatch ${family(one)}" aria-hidden="true" .style=${`--step:${step(index, all)}`}></span>`;

/** Keyword signals are tones of one colour; meaning is striped, so that no eye needs the hue. @param {Share} one */
const family = (one) => (one.signal.includes("meaning") ? "by-meaning" : "by-keywords");

/** 0 for the first signal, 1 for the last. @param {number} index @param {Share[]} all */
const step = (index, all) => index / Math.max(1, all.length - 1);
