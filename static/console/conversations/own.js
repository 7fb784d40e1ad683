/** One's own conversations: to go on with, or to delete. */
import { get, request } from "../../shared/api.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { confirmed } from "../parts/confirm.js";

/** @typedef {{ id: string, assistant: string, title: string, updated_at: string }} Own */

const AT_ONCE = 50;

export class OwnTalks {
  /** @type {Own[] | null} */
  items = null;
  /** @type {string | null} */
  next = null;

  /** @param {string} cursor where to go on; "" is the beginning */
  async load(cursor) {
    const told = await get(`/api/conversations?limit=${AT_ONCE}&cursor=${cursor}`);
    this.items = cursor ? [...(this.items ?? []), ...told.items] : told.items;
    this.next = told.next;
  }

  /** @param {Own} one */
  async remove(one) {
    const body = t("talks.removeBody", { title: one.title });
    if (!(await confirmed({ title: t("talks.removeTitle"), body, action: t("talks.remove") }))) return;
    await request("DELETE", `/api/conversations/${one.id}`);
    this.items = (this.items ?? []).filter((other) => other !== one);
  }
}

/** @param {OwnTalks} talks @param {Map<string, string>} names the assistants' @param {(work: () => Promise<void>) => void} trying */
export function ownTable(talks, names, trying) {
  if (!talks.items?.length) return talks.items ? html`<p class="hint">${t("talks.none")}</p>` : nothing;
  return html`<div class="scroll"><table class="documents">
    <thead><tr><th scope="col">${t("talks.title")}</th><th scope="col">${t("talks.last")}</th><th scope="col"><span class="unseen">${t("talks.do")}</span></th></tr></thead>
    <tbody>${talks.items.map((one) => html`<tr>
      <th scope="row"><a href="#/assistants/${one.assistant}/chat?conversation=${one.id}">${one.title}</a><span class="sub">${names.get(one.assistant) ?? t("talks.gone")}</span></th>
      <td class="count">${date(one.updated_at, true)}</td>
      <td class="do"><button type="button" class="small" aria-label=${t("talks.removeNamed", { title: one.title })} @click=${() => trying(() => talks.remove(one))}>${t("talks.remove")}</button></td>
    </tr>`)}</tbody></table></div>`;
}
