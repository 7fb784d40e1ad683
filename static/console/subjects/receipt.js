/** One receipt: what was removed, counted by where it stood, and until when copies remember. */
import { html, nothing } from "../../shared/lit.js";
import { date, number, t } from "../../shared/words.js";

/**
 * @typedef {object} Erasure
 * @property {string} id
 * @property {import("./search.js").Kind} kind
 * @property {string} subject
 * @property {string} reason
 * @property {string} asked_by "person:ID"
 * @property {string} asked_at
 * @property {string | null} done_at null until the last trace is gone
 * @property {Record<string, number>} removed
 * @property {string | null} backups_forget_at
 */

/** What stands elsewhere than in rows of the database. @type {Record<string, string[]>} */
const ELSEWHERE = { index: ["index_entries"], vectors: ["vectors", "vector_files"], files: ["files", "copies"] };

/** @param {string} name the name itself where another version counted it */
const named = (name) => { const said = t(`removed.${name}`); return said === `removed.${name}` ? name : said; };

/** @param {Erasure} one @returns {[string, [string, number][]][]} what was removed, by where it stood */
export function groups({ removed }) {
  const elsewhere = Object.values(ELSEWHERE).flat();
  const rows = Object.entries(removed).filter(([name]) => !elsewhere.includes(name));
  const others = Object.entries(ELSEWHERE).map(([group, names]) =>
    /** @type {[string, [string, number][]]} */ ([group, names.filter((name) => removed[name]).map((name) => [name, removed[name]])]));
  return [["rows", rows], ...others];
}

/** @param {Erasure} one @param {Map<string, string>} names people's, by "person:ID" */
export const receipt = (one, names) => html`<section class="leaf receipt" aria-labelledby="receipt-title">
  <h2 id="receipt-title">${t("receipt.title", { what: t(`erased.${one.kind}`) })}</h2>
  <div role="status">${one.done_at
    ? html`<p class="light ready">${t("receipt.complete", { date: date(one.done_at, true) })}</p>`
    : html`<p class="light reading">${t("receipt.incomplete")}</p>`}</div>
  <dl>
    ${pair(t("receipt.number"), one.id)}
    ${pair(t("receipt.reason"), one.reason)}
    ${pair(t("receipt.by"), `${names.get(one.asked_by) ?? t("desk.somebodyGone")}, ${date(one.asked_at, true)}`)}
  </dl>
  <table><caption>${t("receipt.removed")}</caption>
    <thead><tr><th scope="col">${t("receipt.where")}</th><th scope="col">${t("receipt.what")}</th><th scope="col" class="number">${t("receipt.count")}</th></tr></thead>
    <tbody>${groups(one).flatMap(([group, counts]) => lines(group, counts))}</tbody></table>
  <p>${one.done_at ? t("receipt.caches") : t("receipt.cachesSoon")}</p>
  <p>${one.backups_forget_at ? t("receipt.backups", { date: date(one.backups_forget_at) }) : t("receipt.backupsSoon")}</p>
  ${one.done_at ? html`<div class="row"><a class="button" href="/api/subjects/erasures/${one.id}" download="recibo-${one.id}.json">${t("receipt.save")}</a></div>` : nothing}
</section>`;

/** @param {string} name @param {string} value */
const pair = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** @param {string} group @param {[string, number][]} counts */
const lines = (group, counts) => counts.length
  ? counts.map(([name, count]) => line(group, named(name), count))
  : [line(group, t("receipt.nothing"), 0)];

/** @param {string} group @param {string} what @param {number} count */
const line = (group, what, count) => html`<tr><td>${t(`receipt.${group}`)}</td><th scope="row">${what}</th><td class="number">${number(count)}</td></tr>`;
