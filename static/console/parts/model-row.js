/** One model in the table: what it is, how it stands here, and what can be done with it. */
import { html, nothing } from "../../shared/lit.js";
import { bin } from "../../shared/parts/icons.js";
import { NAMES, date, number, size, t } from "../../shared/words.js";

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {"language" | "embedder"} kind
 * @property {string} description
 * @property {string} licence
 * @property {("pt" | "en" | "es")[]} languages
 * @property {number} ram_mb
 * @property {boolean} fits
 * @property {"installed" | "ready" | "damaged" | "partial" | "absent"} state
 * @property {number} size
 * @property {number} fetched
 * @property {string} sha256
 * @property {string | null} imported_at
 * @property {boolean} in_use
 * @property {string[]} hosts
 * @property {boolean} brought
 * @property {import("../../shared/types").Job | null} job
 */

const LIGHTS = { installed: "ready", ready: "ready", damaged: "failed", partial: "queued", absent: "queued" };

/**
 * @param {Model} one
 * @param {{ pull: () => void, bring: () => void, cancel: () => void, remove: () => void }} actions
 */
export function modelRow(one, { pull, bring, cancel, remove }) {
  const busy = ["queued", "running"].includes(one.job?.state ?? "");
  const here = one.state === "ready" || one.state === "damaged";
  return html`<tr>
    <th scope="row">${one.name}<span class="sub">${one.description}</span>
      <span class="sub">${one.licence} · ${one.languages.map((code) => NAMES[code]).join(", ")}</span>
      ${one.job?.state === "failed" && one.job.problem ? html`<p class="problem">${one.job.problem.detail}</p>` : nothing}</th>
    <td class="state">${busy ? coming(one) : standing(one)}</td>
    <td class="count">${t("models.memory", { size: number(one.ram_mb / 1024, { maximumFractionDigits: 1 }) })}
      ${one.fits ? nothing : html`<span class="sub bad">${t("models.tooBig")}</span>`}
      ${one.size ? html`<span class="sub">${t("models.disk", { size: size(one.size) })}</span>` : nothing}</td>
    <td class="do">
      ${busy ? html`<button type="button" class="small" aria-label=${t("models.cancelNamed", { name: one.name })} @click=${cancel}>${t("models.cancel")}</button>` : nothing}
      ${!busy && !here && one.brought ? html`<button type="button" class="small" aria-label=${t("models.importNamed", { name: one.name })} @click=${bring}>${t("models.import")}</button>` : nothing}
      ${!busy && !here && one.hosts.length ? html`<button type="button" class="small" aria-label=${t(one.fetched ? "models.goOnNamed" : "models.pullNamed", { name: one.name })} @click=${pull}>${one.fetched ? t("models.goOn") : t("models.pull")}</button>` : nothing}
      ${!busy && !one.in_use && (here || one.state === "partial") ? html`<button type="button" class="quiet" aria-label=${t("models.removeNamed", { name: one.name })} title=${t("models.remove")} @click=${remove}>${bin()}</button>` : nothing}
    </td>
  </tr>`;
}

/** @param {Model} one */
function standing(one) {
  return html`<span class="light ${LIGHTS[one.state]}">${t(`models.state.${one.state}`)}</span>
    ${one.in_use ? html`<span class="sub">${t("models.inUse")}</span>` : nothing}
    ${one.imported_at ? html`<span class="sub">${t("models.since", { date: date(one.imported_at) })}</span>` : nothing}
    ${one.sha256 && one.state === "ready" ? html`<span class="sub" title=${one.sha256}>SHA-256 ${one.sha256.slice(0, 12)}…</span>` : nothing}
    ${one.state === "partial" ? html`<span class="sub">${t("models.fetched", { size: size(one.fetched) })}</span>` : nothing}`;
}

/** @param {Model} one */
function coming(one) {
  const { done, total } = one.job ?? { done: 0, total: 0 };
  const text = total ? t("models.bytes", { done: size(done), total: size(total) }) : t("models.waiting");
  return html`<span class="light reading">${text}</span>
    ${total ? html`<progress max=${total} value=${done} aria-label=${t("models.progress", { name: one.name })}></progress>` : nothing}
    ${one.job?.problem ? html`<span class="sub">${one.job.problem.detail}</span>` : nothing}`;
}
