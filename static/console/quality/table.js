/** Golden questions as rows: what is expected, and how the last run found it. */
import { html, nothing } from "../../shared/lit.js";
import { bin } from "../parts/drawings.js";
import { t } from "../../shared/words.js";

/** @typedef {import("./quality.js").Golden} Golden */
/** @typedef {import("./quality.js").Result} Result */

/** @param {Golden} one @returns {string} */
function expected(one) {
  if (one.must_refuse) return t("golden.mustRefuse");
  const place = one.page ? t("golden.onPage", { document: one.document || t("golden.anyDocument"), page: one.page }) : one.document;
  return [place, ...one.phrases.map((phrase) => `“${phrase}”`)].filter(Boolean).join(" · ") || t("golden.anyAnswer");
}

/** @param {Result} result */
function found(result) {
  const rank = result.rank === null ? "" : t("golden.rank", { rank: result.rank, count: result.passages });
  return html`<span class="light ${result.passed ? "ready" : "failed"}">${t(result.passed ? "golden.passed" : "golden.failed")}</span>
    ${result.failing.map((why) => html`<span class="sub bad">${t(`golden.why.${why}`, { phrases: result.phrases_missing.map((one) => `“${one}”`).join(", ") })}</span>`)}
    ${rank ? html`<span class="sub">${rank}</span>` : nothing}
    ${!result.passed && result.passed_before ? html`<span class="sub">${t("golden.passedBefore")}</span>` : nothing}`;
}

/**
 * @param {Golden[]} questions @param {import("./quality.js").Run | null} run @param {string} assistant its id
 * @param {{ edit: (one: Golden) => void, remove: (one: Golden) => void }} acts
 */
export function table(questions, run, assistant, acts) {
  const results = new Map((run?.results ?? []).map((one) => [one.question, one]));
  const failing = (/** @type {Golden} */ one) => Number(results.get(one.id)?.passed ?? true);
  const sorted = [...questions].sort((one, other) => failing(one) - failing(other));
  return html`<div class="scroll"><table class="documents">
    <thead><tr><th scope="col">${t("golden.question")}</th><th scope="col">${t("golden.found")}</th><th scope="col"><span class="unseen">${t("golden.do")}</span></th></tr></thead>
    <tbody>${sorted.map((one) => {
      const result = results.get(one.id);
      return html`<tr>
        <th scope="row"><a href="#/assistants/${assistant}/bench?query=${encodeURIComponent(one.question)}">${one.question}</a><span class="sub">${expected(one)}</span></th>
        <td class="state">${result ? found(result) : html`<span class="light wanting">${t("golden.notAsked")}</span>`}</td>
        <td class="do"><button type="button" class="small" aria-label=${t("golden.editNamed", { question: one.question })} @click=${() => acts.edit(one)}>${t("golden.edit")}</button>
          <button type="button" class="quiet" aria-label=${t("golden.removeNamed", { question: one.question })} title=${t("golden.remove")} @click=${() => acts.remove(one)}>${bin()}</button></td>
      </tr>`;
    })}</tbody></table></div>`;
}
