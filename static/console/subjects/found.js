/** What was found of somebody, place by place, and what can be done about each. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { actName } from "../audit/sentences.js";

/** @typedef {import("./search.js").Findings} Findings */
/** @typedef {import("./search.js").Mention} Mention */
/** @typedef {{ kind: import("./search.js").Kind, id: string, name: string }} Thing something that can be erased */
/** @typedef {{ erase: (thing: Thing) => void, hold: (thing: Thing) => void }} Does */

/** @param {Findings} found @param {Map<string, string>} names the assistants' @param {Does} does */
export const places = (found, names, does) => [
  place(found, "accounts", found.accounts.map((one) => account(one, does))),
  place(found, "invitations", found.invitations.map(invitation)),
  place(found, "visitors", found.visitors.map((one) => visitor(one, names, does))),
  place(found, "conversations", found.conversations.map((one) => talk(one, names, does))),
  place(found, "documents", byDocument(found.documents).map((mentions) => paper(mentions, does))),
  place(found, "approved", found.approved.map((one) => taught(one, "approved", names))),
  place(found, "golden", found.golden.map((one) => taught(one, "quality", names))),
  place(found, "audit", found.audit.map(act)),
];

/** @param {Findings} found @param {import("./search.js").Place} name @param {unknown[]} rows */
const place = (found, name, rows) => html`<section aria-labelledby="place-${name}">
  <h2 id="place-${name}">${t(`place.${name}`)} <span class="tally">${t("desk.places", { count: found[name].length })}</span></h2>
  ${found.cut.includes(name) ? html`<p class="note">${t("desk.cut", { count: found[name].length })}</p>` : nothing}
  ${rows.length ? html`<ul class="findings">${rows}</ul>` : html`<p class="hint">${t("desk.nothingHere")}</p>`}
</section>`;

/** @param {Thing} thing @param {Does} does @param {boolean} [holds] whether it can be held */
const acts = (thing, does, holds = true) => html`<span class="row acts-of">
  ${holds ? html`<button type="button" class="small" aria-label=${t("desk.holdNamed", { name: thing.name })} @click=${() => does.hold(thing)}>${t("desk.hold")}</button>` : nothing}
  <button type="button" class="small danger" aria-label=${t("desk.eraseNamed", { name: thing.name })} @click=${() => does.erase(thing)}>${t("desk.erase")}</button>
</span>`;

/** @param {import("./search.js").Account} one @param {Does} does */
const account = (one, does) => html`<li><div><strong>${one.name}</strong>
  <span class="sub">${[one.email, t(`people.role.${one.role}`), ...(one.active ? [] : [t("people.inactive")])].join(" · ")}</span>
  <span class="sub">${t("desk.holds.conversations", { count: one.conversations })} · ${t("desk.holds.sessions", { count: one.sessions })} · ${t("desk.holds.keys", { count: one.keys })}</span></div>
  ${acts({ kind: "person", id: one.id, name: one.name }, does)}</li>`;

/** @param {import("./search.js").Invited} one */
const invitation = (one) => html`<li><div><strong>${one.name || one.email}</strong>
  <span class="sub">${one.name ? `${one.email} · ` : ""}${date(one.created_at)}</span></div>
  <a class="button small" href="#/people">${t("desk.toPeople")}</a></li>`;

/** @param {import("./search.js").Visiting} one @param {Map<string, string>} names @param {Does} does */
function visitor(one, names, does) {
  const name = t("desk.visitorOf", { assistant: names.get(one.assistant) ?? t("talks.gone") });
  return html`<li><div><strong>${name}</strong> <span class="sub">${t("desk.until", { date: date(one.expires_at, true) })}</span></div>
    ${acts({ kind: "visitor", id: one.id, name }, does, false)}</li>`;
}

/** @param {import("./search.js").Taught} one @param {"approved" | "quality"} tab where it is changed @param {Map<string, string>} names */
const taught = (one, tab, names) => html`<li><div><strong>${names.get(one.assistant) ?? t("talks.gone")}</strong>
  ${one.line ? html`<q>${one.line}</q>` : html`<span class="hint">${t("desk.overLines")}</span>`}</div>
  <a class="button small" href="#/assistants/${one.assistant}/${tab}" aria-label=${t("desk.changeIn", { assistant: names.get(one.assistant) ?? t("talks.gone"), line: one.line })}>${t("desk.change")}</a></li>`;

/** @param {import("./search.js").Talk} one @param {Map<string, string>} names @param {Does} does */
function talk(one, names, does) {
  const name = t("desk.conversation", { assistant: names.get(one.assistant) ?? t("talks.gone"), date: date(one.created_at, true) });
  const [kind, owner] = one.owner.split(":");
  return html`<li><div><strong>${name}</strong>
    <span class="sub">${t(one.own ? "desk.own" : kind === "visitor" ? "desk.ofVisitor" : "desk.ofOthers")}${one.messages ? ` · ${t("desk.naming", { count: one.messages })}` : ""}</span></div>
    <span class="row acts-of">${kind === "visitor" ? html`<button type="button" class="small danger" aria-label=${t("desk.eraseVisitorOf", { name })} @click=${() => does.erase({ kind: "visitor", id: owner, name })}>${t("desk.eraseVisitor")}</button>` : nothing}
    ${acts({ kind: "conversation", id: one.id, name }, does)}</span></li>`;
}

/** @param {Mention[]} mentions @returns {Mention[][]} those of each document */
function byDocument(mentions) {
  /** @type {Map<string, Mention[]>} */
  const papers = new Map();
  mentions.forEach((one) => papers.set(one.document, [...(papers.get(one.document) ?? []), one]));
  return [...papers.values()];
}

/** @param {Mention[]} mentions of one document @param {Does} does */
function paper(mentions, does) {
  const [{ document, title, conversation }] = mentions;
  // What lies beside somebody's conversation is not opened here: it is named, and erased.
  const named = (/** @type {string} */ words, query = "") => (conversation ? words : html`<a href="#/documents/${document}${query}">${words}</a>`);
  return html`<li class="paper"><div><strong>${named(title)}</strong>
  ${conversation ? html`<span class="sub">${t("desk.beside")}</span>` : nothing}
  <ol>${mentions.map((one) => html`<li>${named(one.page ? t("desk.page", { page: one.page }) : t("desk.title"), one.page ? `?page=${one.page}` : "")}
    ${one.line ? html`<q>${one.line}</q>` : html`<span class="hint">${t("desk.overLines")}</span>`}</li>`)}</ol></div>
  ${acts({ kind: "document", id: document, name: title }, does, !conversation)}</li>`;
}

/** @param {import("./search.js").Act} one */
const act = (one) => html`<li><div>${actName(one.act)}
  <span class="sub">${date(one.at, true)} · ${t(one.by ? "desk.by" : "desk.about")}</span></div>
  <a class="sub" href="#/audit?subject=${encodeURIComponent(one.subject)}">${t("desk.toAudit")}</a></li>`;
