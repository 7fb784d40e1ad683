/** The tables of the network exit: what was contacted, and what may be. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";

/** @typedef {{ origin: string, purpose: string, address: string, because: string }} Destination */
/** @typedef {{ origin: string, purpose: string, requests: number, refused: number, last_at: string, allowed: boolean, outside: boolean }} Contact */
/** @typedef {{ address: string, public: boolean }} Resolver */

/** @param {string} family @param {string} name the name itself where another version gave it */
const named = (family, name) => {
  const key = `egress.${family}.${name}`;
  return t(key) === key ? name : t(key);
};

/** @param {string} label the id of its heading @param {string[]} heads @param {unknown} rows */
const framed = (label, heads, rows) => html`<div class="scroll"><table class="documents" aria-labelledby=${label}>
  <thead><tr>${heads.map((head) => html`<th scope="col">${t(`egress.${head}`)}</th>`)}</tr></thead>
  <tbody>${rows}</tbody></table></div>`;

/** @param {Contact[]} contacts */
export const made = (contacts) => framed("egress-made", ["where", "count", "last", "judged"], contacts.map((one) => html`<tr>
  <th scope="row"><span class="address">${one.origin}</span><span class="sub">${named("purpose", one.purpose)}</span></th>
  <td>${t("egress.sent", { count: one.requests })}${one.refused ? html`<span class="sub">${t("egress.refused", { count: one.refused })}</span>` : nothing}</td>
  <td>${date(one.last_at, true)}</td>
  <td>${verdict(one)}</td></tr>`));

/** @param {Contact} one */
const verdict = (one) => {
  if (one.allowed) return html`<span class="light ready">${t("egress.yes")}</span>`;
  return one.outside ? html`<span class="light failed">${t("egress.no")}</span>` : html`<span class="light">${t("egress.keptBack")}</span>`;
};

/** @param {Destination[]} destinations */
export const permitted = (destinations) => framed("egress-may", ["where", "what", "by"], destinations.map((one) => html`<tr>
  <th scope="row"><span class="address">${one.address}</span></th>
  <td>${named("purpose", one.purpose)}</td>
  <td class="by">${named("because", one.because)}</td></tr>`));

/** @param {Resolver[]} resolvers */
export const names = (resolvers) => html`<ul class="names">${resolvers.map((one) => html`<li>
  <span class="light ${one.public ? "wanting" : "ready"}"><span><span class="address">${one.address}</span> · ${t(one.public ? "egress.public" : "egress.private")}</span></span></li>`)}</ul>`;
