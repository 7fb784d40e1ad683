/** One engine in the table: where it is, how it stands, and whether it leaves the building. */
import { html, nothing } from "../../shared/lit.js";
import { bin, leaving } from "./drawings.js";
import { number, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Engine} Engine */
/** @typedef {import("../../shared/types").Grievance} Grievance */
/** @typedef {{ problem: Grievance | null, first_token_ms: number | null }} Checked */

const LIGHTS = { up: "ready", down: "failed", unknown: "queued" };

/**
 * @param {Engine} one
 * @param {Checked | "asking" | undefined} checked what came of trying it on this page
 * @param {{ check: () => void, edit: (() => void) | null, remove: () => void }} actions no editing while the form is open
 */
export function engineRow(one, checked, { check, edit, remove }) {
  return html`<tr>
    <th scope="row">${one.name}
      <span class="sub">${t(`engines.kind.${one.kind}`)} · ${one.model} · ${t("engines.tokens", { count: number(one.context) })}</span>
      ${one.leaves_building ? html`<span class="sub outside">${leaving()}${t("engines.leaves")}</span>` : nothing}</th>
    <td class="state">${one.problem ? unusable(one.problem) : html`<ul>${one.reached.map((each) => address(each, Boolean(checked)))}</ul>`}
      <div role="status">${checked === "asking" ? html`<span class="light reading">${t("engines.checking")}</span>` : checked ? outcome(checked, one) : nothing}</div></td>
    <td class="do">
      <button type="button" class="small" ?disabled=${checked === "asking" || Boolean(one.problem)} aria-label=${t("engines.checkNamed", { name: one.name })} @click=${check}>${t("engines.check")}</button>
      <button type="button" class="small" ?disabled=${!edit} aria-label=${t("engines.editNamed", { name: one.name })} @click=${edit}>${t("engines.edit")}</button>
      <button type="button" class="quiet" aria-label=${t("engines.removeNamed", { name: one.name })} title=${t("engines.remove")} @click=${remove}>${bin()}</button>
    </td>
  </tr>`;
}

/** @param {Grievance} problem */
const unusable = ({ detail }) => html`<span class="light failed">${t("engines.unusable")}</span><p class="problem">${detail}</p>`;

/**
 * @param {Engine["reached"][number]} reached
 * @param {boolean} tried whether what came of trying the engine is said beside it
 */
function address({ address, state, problem }, tried) {
  return html`<li>${tried && state === "unknown" ? nothing : html`<span class="light ${LIGHTS[state]}">${t(`engines.state.${state}`)}</span>`}
    <span class="sub address">${address}</span>${problem ? html`<p class="problem">${problem.detail}</p>` : nothing}</li>`;
}

/** @param {Checked} checked @param {Engine} one */
function outcome({ problem, first_token_ms }, one) {
  if (!problem) {
    const seconds = number((first_token_ms ?? 0) / 1000, { maximumFractionDigits: 1 });
    return html`<span class="light ready">${t("engines.writes", { seconds })}</span>`;
  }
  const said = one.reached.some((each) => each.problem?.detail === problem.detail);
  return html`<span class="light failed">${t("engines.silent")}</span>${said ? nothing : html`<p class="problem">${problem.detail}</p>`}`;
}
