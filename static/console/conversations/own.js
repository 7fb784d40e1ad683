/** One's own conversations: to go on with, or to delete. */
import { request } from "../../shared/api.js";
import { html } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { confirmed } from "../parts/confirm.js";

/** @typedef {{ id: string, assistant: string, title: string, updated_at: string }} Own */
/** @typedef {import("./listed.js").Talks} Talks */

/** @param {Talks} talks @param {Own} one */
async function remove(talks, one) {
  const body = t("talks.removeBody", { title: one.title });
  if (!(await confirmed({ title: t("talks.removeTitle"), body, action: t("talks.remove") }))) return;
  await request("DELETE", `/api/conversations/${one.id}`);
  talks.items = (talks.items ?? []).filter((other) => other !== one);
}

/** @param {Talks} talks that were found @param {Map<string, string>} names the assistants' @param {(work: () => Promise<void>) => void} trying */
export function ownTable(talks, names, trying) {
  const items = /** @type {Own[]} */ (talks.items ?? []);
  return html`<div class="scroll"><table class="documents">
    <thead><tr><th scope="col">${t("talks.title")}</th><th scope="col">${t("talks.last")}</th><th scope="col"><span class="unseen">${t("talks.do")}</span></th></tr></thead>
    <tbody>${items.map((one) => html`<tr>
      <th scope="row"><a href="#/assistants/${one.assistant}/chat?conversation=${one.id}">${one.title}</a><span class="sub">${names.get(one.assistant) ?? t("talks.gone")}</span></th>
      <td class="count">${date(one.updated_at, true)}</td>
      <td class="do"><button type="button" class="small" aria-label=${t("talks.removeNamed", { title: one.title })} @click=${() => trying(() => remove(talks, one))}>${t("talks.remove")}</button></td>
    </tr>`)}</tbody></table></div>`;
}
