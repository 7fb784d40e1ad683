/** Everybody's conversations, without their words: whose, about what, how many questions. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { address } from "./search.js";

/** @typedef {{ id: string, assistant: string, owner: string, name: string, questions: number, refused: number, good: number, bad: number, updated_at: string, asked_by?: string }} Outline */

/** @param {Outline} one @returns {string} whose a conversation is: of a visitor, as their site says, if it does */
export const ownerName = (one) => one.name || one.asked_by || t(one.owner.startsWith("visitor:") ? "talks.visitor" : "talks.unnamed");

/** @param {import("./listed.js").Talks} talks that were found @param {Map<string, string>} names the assistants' @param {(one: Outline) => void} read */
export function othersTable(talks, names, read) {
  const items = /** @type {Outline[]} */ (talks.items ?? []);
  return html`<div class="scroll"><table class="documents">
    <thead><tr><th scope="col">${t("talks.whose")}</th><th scope="col">${t("talks.title")}</th><th scope="col">${t("talks.last")}</th><th scope="col"><span class="unseen">${t("talks.do")}</span></th></tr></thead>
    <tbody>${items.map((one) => html`<tr>
      <th scope="row"><a href=${address(true, { ...talks.wanted, owner: one.owner })}>${ownerName(one)}</a>${one.asked_by ? html`<span class="sub">${t("talks.vouched", { id: one.asked_by })}</span>` : nothing}<span class="sub">${names.get(one.assistant) ?? t("talks.gone")}</span></th>
      <td class="count">${counts(one)}</td>
      <td class="count">${date(one.updated_at, true)}</td>
      <td class="do"><button type="button" class="small" aria-label=${t("talks.readOf", { name: ownerName(one), date: date(one.updated_at, true) })} @click=${() => read(one)}>${t("talks.read")}</button></td>
    </tr>`)}</tbody></table></div>`;
}

/** @param {Outline} one */
function counts({ questions, refused, good, bad }) {
  const also = Object.entries({ refused, good, bad }).filter(([, count]) => count);
  return html`${t("talks.questions", { count: questions })}
    ${also.length ? html`<span class="sub">${also.map(([name, count]) => t(`talks.${name}`, { count })).join(" · ")}</span>` : nothing}`;
}
