/** Everybody's conversations, without their words: whose, about what, how many questions. */
import { get } from "../../shared/api.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { choice, field } from "../parts/field.js";

/** @typedef {{ id: string, assistant: string, owner: string, name: string, questions: number, refused: number, good: number, bad: number, updated_at: string, asked_by?: string }} Outline */

const AT_ONCE = 50;

export class OthersTalks {
  /** @type {Outline[] | null} */
  items = null;
  /** @type {string | null} */
  next = null;
  owner = "";
  assistant = "";

  /** @param {string} cursor where to go on; "" is the beginning */
  async load(cursor) {
    const { owner, assistant } = this;
    const query = new URLSearchParams({ limit: String(AT_ONCE), cursor, owner, assistant });
    const told = await get(`/api/conversations/others?${query}`);
    if (owner !== this.owner || assistant !== this.assistant) return; // others are looked for meanwhile
    this.items = cursor ? [...(this.items ?? []), ...told.items] : told.items;
    this.next = told.next;
  }
}

/** @param {Outline} one @returns {string} whose a conversation is: of a visitor, as their site says, if it does */
export const ownerName = (one) => one.name || one.asked_by || t(one.owner.startsWith("visitor:") ? "talks.visitor" : "talks.unnamed");

/** @param {string} owner @param {string} assistant @returns {string} the page's address for these */
export function address(owner, assistant) {
  const given = Object.entries({ owner, assistant }).filter(([, value]) => value);
  return `#/conversations/all${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** @param {OthersTalks} talks @param {Map<string, string>} names the assistants' @param {(event: SubmitEvent) => void} find */
export const search = (talks, names, find) => html`<form class="leaf seek talks-seek" role="search" @submit=${find}>
  ${field({ name: "whose", label: t("talks.whose"), hint: t("talks.whoseHint") })}
  ${choice({ name: "assistant", label: t("talks.assistant"), value: talks.assistant, options: [["", t("talks.any")], ...names] })}
  <div class="row end">${talks.owner || talks.assistant ? html`<a class="button quiet" href="#/conversations/all">${t("talks.clear")}</a>` : nothing}<button class="primary">${t("talks.find")}</button></div>
</form>`;

/** @param {OthersTalks} talks @param {Map<string, string>} names @param {(one: Outline) => void} read */
export function othersTable(talks, names, read) {
  if (!talks.items?.length) return talks.items ? html`<p class="hint" role="status">${t("talks.noneAll")}</p>` : nothing;
  return html`<div class="scroll"><table class="documents">
    <thead><tr><th scope="col">${t("talks.whose")}</th><th scope="col">${t("talks.title")}</th><th scope="col">${t("talks.last")}</th><th scope="col"><span class="unseen">${t("talks.do")}</span></th></tr></thead>
    <tbody>${talks.items.map((one) => html`<tr>
      <th scope="row"><a href=${address(one.owner, talks.assistant)}>${ownerName(one)}</a>${one.asked_by ? html`<span class="sub">${t("talks.vouched", { id: one.asked_by })}</span>` : nothing}<span class="sub">${names.get(one.assistant) ?? t("talks.gone")}</span></th>
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
