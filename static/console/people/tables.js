/** The tables of people: who was invited and has not come yet, and who may sign in. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";

/** @typedef {{ id: string, name: string, email: string, role: string, active: boolean }} Somebody */
/** @typedef {{ id: string, name: string, email: string, role: string, expires_at: string }} Invitation */
/** @typedef {{ resend: (one: Invitation) => void, revoke: (one: Invitation) => void }} OfInvitations */
/** @typedef {{ change: (one: Somebody, changes: Record<string, unknown>) => void, reset: (one: Somebody) => void, deactivate: (one: Somebody) => void, end: (one: Somebody) => void, remove: (one: Somebody) => void }} OfPeople */

export const ROLES = ["member", "editor", "auditor", "admin"];

/** @param {unknown} rows */
const framed = (rows) => html`<div class="scroll"><table class="documents">
  <thead><tr><th scope="col">${t("people.name")}</th><th scope="col">${t("people.role")}</th><th scope="col"><span class="unseen">${t("people.do")}</span></th></tr></thead>
  <tbody>${rows}</tbody></table></div>`;

/** @param {string} label @param {string} text @param {() => void} does */
const act = (label, text, does) => html`<button type="button" class="small" aria-label=${label} @click=${does}>${text}</button> `;

/** @param {Invitation[]} invited @param {OfInvitations} does */
export const waiting = (invited, does) => html`<section><h2>${t("people.invited")}</h2>${framed(invited.map((one) => html`<tr>
  <th scope="row">${one.name || one.email}<span class="sub">${one.name ? `${one.email} · ` : ""}${t("people.until", { date: date(one.expires_at) })}</span></th>
  <td>${t(`people.role.${one.role}`)}</td>
  <td class="do">${act(t("people.resendFor", { name: one.email }), t("people.resend"), () => does.resend(one))}${act(t("people.revokeFor", { name: one.email }), t("people.revoke"), () => does.revoke(one))}</td>
</tr>`))}</section>`;

/** @param {Somebody[]} people @param {string | undefined} own the id of whoever looks @param {OfPeople} does */
export const table = (people, own, does) => framed(people.map((one) => row(one, one.id !== own, does)));

/** @param {Somebody} one @param {boolean} other @param {OfPeople} does */
const row = (one, other, does) => html`<tr>
  <th scope="row">${one.name}<span class="sub">${one.email}</span>${one.active ? nothing : html`<span class="light failed">${t("people.inactive")}</span>`}</th>
  <td><select aria-label=${t("people.roleOf", { name: one.name })} .value=${one.role} ?disabled=${!other}
    @change=${(/** @type {Event} */ event) => does.change(one, { role: /** @type {HTMLSelectElement} */ (event.target).value })}>
    ${ROLES.map((each) => html`<option value=${each} ?selected=${each === one.role}>${t(`people.role.${each}`)}</option>`)}</select></td>
  <td class="do">${other ? acts(one, does) : nothing}</td>
</tr>`;

/** @param {Somebody} one @param {OfPeople} does */
const acts = (one, does) => html`
  ${one.active ? html`${act(t("people.resetFor", { name: one.name }), t("people.reset"), () => does.reset(one))}${act(t("people.endFor", { name: one.name }), t("people.end"), () => does.end(one))}${act(t("people.deactivateFor", { name: one.name }), t("people.deactivate"), () => does.deactivate(one))}`
    : act(t("people.activateFor", { name: one.name }), t("people.activate"), () => does.change(one, { active: true }))}
  ${act(t("people.removeFor", { name: one.name }), t("people.remove"), () => does.remove(one))}`;
