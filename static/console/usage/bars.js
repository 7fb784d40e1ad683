/** A chart of bars, one for each day, and the same as a table for whoever cannot see it. */
import { html, nothing, svg } from "../../shared/lit.js";
import { number, t } from "../../shared/words.js";
import { short, top } from "./saying.js";

/**
 * @typedef {object} Series
 * @property {string} name the class of its bars and of its key
 * @property {string} label
 * @property {(day: any) => number} value
 */

const HIGH = 100, STEP = 10, BAR = 7;

/**
 * @param {string} title
 * @param {any[]} days in their order
 * @param {Series[]} series drawn one on the other, the first below
 * @param {(value: number) => string} [said]
 */
export function bars(title, days, series, said = number) {
  const most = top(Math.max(...days.map((day) => sum(day, series))));
  return html`<figure class="bars">
    <figcaption><h2>${title}</h2>${series.length > 1 ? html`<ul class="key">${series.map((one) => html`<li><span class="swatch ${one.name}" aria-hidden="true"></span>${one.label}</li>`)}</ul>` : nothing}</figcaption>
    <div class="plot" role="img" aria-label=${t("usage.chart", { title, count: days.length, most: said(Math.max(...days.map((day) => sum(day, series)))) })}>
      <span class="most">${said(most)}</span>
      <svg viewBox="0 0 ${days.length * STEP} ${HIGH}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${days.map((day, index) => column(day, index, series, most))}</svg>
      <span class="days"><span>${short(days[0].day)}</span>${days.length > 1 ? html`<span>${short(days.at(-1).day)}</span>` : nothing}</span>
    </div>
    <details><summary>${t("usage.asTable", { title })}</summary><div class="scroll" tabindex="0" role="region" aria-label=${title}>${table(title, days, series, said)}</div></details>
  </figure>`;
}

/** @param {any} day @param {Series[]} series */
const sum = (day, series) => series.reduce((all, one) => all + one.value(day), 0);

/** @param {any} day @param {number} index @param {Series[]} series @param {number} most */
function column(day, index, series, most) {
  let below = 0;
  return series.map((one) => {
    const height = (one.value(day) / most) * HIGH;
    below += height;
    return height ? svg`<rect class=${one.name} x=${index * STEP + (STEP - BAR) / 2} y=${HIGH - below} width=${BAR} height=${height}></rect>` : nothing;
  });
}

/** @param {string} title @param {any[]} days @param {Series[]} series @param {(value: number) => string} said */
function table(title, days, series, said) {
  return html`<table><caption>${title}</caption><thead><tr><th scope="col">${t("usage.day")}</th>${series.map((one) => html`<th scope="col">${one.label}</th>`)}</tr></thead>
    <tbody>${days.map((day) => html`<tr><th scope="row">${short(day.day)}</th>${series.map((one) => html`<td>${said(one.value(day))}</td>`)}</tr>`)}</tbody></table>`;
}
