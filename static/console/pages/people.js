/** People: who may sign in, who was invited, and what administrators can do about them. */
import { all, get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import "../parts/copyable.js";
import { answers, choice, field } from "../parts/field.js";
import { person } from "../session.js";

/** @typedef {{ id: string, name: string, email: string, role: string, active: boolean }} Somebody */
/** @typedef {{ id: string, name: string, email: string, role: string, expires_at: string }} Invitation */

const ROLES = ["member", "editor", "auditor", "admin"];
const AT_ONCE = 50;

class PeoplePage extends Page {
  /** @type {Somebody[]} */
  #people = [];
  /** @type {string | null} */
  #next = null;
  /** @type {Invitation[]} */
  #invited = [];
  #search = "";
  /** @type {{ name: string, link: string, mailed: boolean } | null} */
  #link = null;

  arrived() {
    void this.trying(async () => {
      this.#invited = await all("/api/invitations");
      await this.#load("");
    });
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const asked = this.#search;
    const query = new URLSearchParams({ limit: String(AT_ONCE), cursor, search: asked });
    const told = await get(`/api/people?${query}`);
    if (asked !== this.#search) return; // a later search has been typed meanwhile
    this.#people = cursor ? [...this.#people, ...told.items] : told.items;
    this.#next = told.next;
  }

  /** @param {Event} event */
  #find(event) {
    this.#search = /** @type {HTMLInputElement} */ (event.target).value.trim();
    void this.trying(() => this.#load(""));
  }

  /** @param {SubmitEvent} event */
  #invite(event) {
    const given = answers(event);
    const form = /** @type {HTMLFormElement} */ (event.target);
    void this.trying(async () => {
      const { name, ...rest } = given;
      const { invitation, ...link } = await request("POST", "/api/invitations", name ? given : rest);
      this.#link = { name: invitation.name || invitation.email, ...link };
      this.#invited = [...this.#invited, invitation];
      form.reset();
    });
  }

  /** @param {Invitation} one */
  #resend(one) {
    void this.trying(async () => {
      const { invitation, ...link } = await request("POST", `/api/invitations/${one.id}/resend`);
      this.#link = { name: one.name || one.email, ...link };
      this.#invited = this.#invited.map((other) => (other === one ? invitation : other));
    });
  }

  /** @param {Invitation} one */
  #revoke(one) {
    void this.trying(async () => {
      await request("DELETE", `/api/invitations/${one.id}`);
      this.#invited = this.#invited.filter((other) => other !== one);
    });
  }

  /** @param {Somebody} one */
  #reset(one) {
    void this.trying(async () => { this.#link = { name: one.name, ...(await request("POST", `/api/people/${one.id}/reset`)) }; });
  }

  /** @param {Somebody} one @param {Record<string, unknown>} changes */
  #change(one, changes) {
    void this.trying(async () => {
      const after = await request("PATCH", `/api/people/${one.id}`, changes);
      this.#people = this.#people.map((other) => (other.id === one.id ? after : other));
    });
  }

  /** @param {Somebody} one */
  async #deactivate(one) {
    const body = t("people.deactivateBody", { name: one.name });
    if (await confirmed({ title: t("people.deactivateTitle"), body, action: t("people.deactivate") })) this.#change(one, { active: false });
  }

  /** @param {Somebody} one */
  async #remove(one) {
    const body = t("people.removeBody", { name: one.name });
    if (!(await confirmed({ title: t("people.removeTitle"), body, action: t("people.remove") }))) return;
    await this.trying(async () => {
      await request("DELETE", `/api/people/${one.id}`);
      this.#people = this.#people.filter((other) => other.id !== one.id);
    });
  }

  template() {
    document.title = `${t("shell.people")} – Balcão`;
    return html`<div class="page people">
      <header class="head"><div><h1>${t("shell.people")}</h1><p class="lead">${t("people.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#link ? html`<div class="note" role="status"><p>${t("people.link", { name: this.#link.name })} ${this.#link.mailed ? t("people.mailed") : nothing}</p><balcao-copyable .text=${this.#link.link} .label=${t("people.copy")}></balcao-copyable></div>` : nothing}
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#invite(event)}>
        <h2>${t("people.invite")}</h2>
        ${field({ name: "email", label: t("people.email"), type: "email", required: true })}
        ${field({ name: "name", label: t("people.name") })}
        ${choice({ name: "role", label: t("people.role"), value: "member", options: ROLES.map((one) => [one, t(`people.role.${one}`)]) })}
        <div class="row end"><button class="primary">${t("people.send")}</button></div>
      </form>
      ${this.#invited.length ? this.#waiting() : nothing}
      <div class="field"><label for="people-search">${t("people.search")}</label><input id="people-search" type="search" maxlength="200" @input=${(/** @type {Event} */ event) => this.#find(event)}></div>
      ${this.#people.length ? this.#table() : html`<p class="hint">${this.#search ? t("people.none") : ""}</p>`}
      ${this.#next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("people.more")}</button></div>` : nothing}
    </div>`;
  }

  #waiting() {
    return html`<section><h2>${t("people.invited")}</h2><div class="scroll"><table>
      <thead><tr><th scope="col">${t("people.name")}</th><th scope="col">${t("people.role")}</th><th scope="col"><span class="unseen">${t("people.do")}</span></th></tr></thead>
      <tbody>${this.#invited.map((one) => html`<tr>
        <th scope="row">${one.name || one.email}<span class="sub">${one.email} · ${t("people.until", { date: date(one.expires_at) })}</span></th>
        <td>${t(`people.role.${one.role}`)}</td>
        <td class="do"><button type="button" class="small" aria-label=${t("people.resendFor", { name: one.email })} @click=${() => this.#resend(one)}>${t("people.resend")}</button>
          <button type="button" class="small" aria-label=${t("people.revokeFor", { name: one.email })} @click=${() => this.#revoke(one)}>${t("people.revoke")}</button></td>
      </tr>`)}</tbody></table></div></section>`;
  }

  #table() {
    return html`<div class="scroll"><table>
      <thead><tr><th scope="col">${t("people.name")}</th><th scope="col">${t("people.role")}</th><th scope="col"><span class="unseen">${t("people.do")}</span></th></tr></thead>
      <tbody>${this.#people.map((one) => this.#row(one))}</tbody></table></div>`;
  }

  /** @param {Somebody} one */
  #row(one) {
    const other = one.id !== person()?.id;
    const role = (/** @type {Event} */ event) => this.#change(one, { role: /** @type {HTMLSelectElement} */ (event.target).value });
    return html`<tr>
      <th scope="row">${one.name}<span class="sub">${one.email}${one.active ? nothing : ` · ${t("people.inactive")}`}</span></th>
      <td><select aria-label=${t("people.roleOf", { name: one.name })} .value=${one.role} ?disabled=${!other} @change=${role}>${ROLES.map((each) => html`<option value=${each} ?selected=${each === one.role}>${t(`people.role.${each}`)}</option>`)}</select></td>
      <td class="do">${other ? html`
        ${one.active ? html`<button type="button" class="small" aria-label=${t("people.resetFor", { name: one.name })} @click=${() => this.#reset(one)}>${t("people.reset")}</button>
          <button type="button" class="small" aria-label=${t("people.deactivateFor", { name: one.name })} @click=${() => this.#deactivate(one)}>${t("people.deactivate")}</button>`
          : html`<button type="button" class="small" aria-label=${t("people.activateFor", { name: one.name })} @click=${() => this.#change(one, { active: true })}>${t("people.activate")}</button>`}
        <button type="button" class="small" aria-label=${t("people.removeFor", { name: one.name })} @click=${() => this.#remove(one)}>${t("people.remove")}</button>` : nothing}</td>
    </tr>`;
  }
}

define("page-people", PeoplePage);
