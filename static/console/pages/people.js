/** People: who may sign in, who was invited, and what administrators can do about them. */
import { all, get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import "../parts/copyable.js";
import { answers, choice, field } from "../parts/field.js";
import { ROLES, table, waiting } from "../people/tables.js";
import { person } from "../session.js";

/** @typedef {import("../people/tables.js").Somebody} Somebody */
/** @typedef {import("../people/tables.js").Invitation} Invitation */

const AT_ONCE = 50;

class PeoplePage extends Page {
  /** @type {Somebody[]} */
  #people = [];
  /** @type {string | null} */
  #next = null;
  /** @type {Invitation[]} */
  #invited = [];
  /** @type {{ id: string, name: string }[]} */
  #groups = [];
  #search = "";
  #done = "";
  /** @type {{ name: string, link: string, mailed: boolean } | null} */
  #link = null;

  arrived() {
    this.#search = this.route.query.get("search") ?? "";
    void this.trying(async () => {
      this.#invited = await all("/api/invitations");
      this.#groups = await all("/api/groups");
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
    const { groups: _, ...given } = answers(event); // a form's entries hold only the last of several
    const form = /** @type {HTMLFormElement} */ (event.target);
    const groups = new FormData(form).getAll("groups");
    void this.trying(async () => {
      const { name, ...rest } = given;
      const { invitation, ...link } = await request("POST", "/api/invitations", { ...(name ? given : rest), groups });
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
  async #end(one) {
    const body = t("people.endBody", { name: one.name });
    if (!(await confirmed({ title: t("people.endTitle"), body, action: t("people.end") }))) return;
    await this.trying(async () => {
      await request("DELETE", `/api/people/${one.id}/sessions`);
      this.#done = t("people.ended", { name: one.name });
    });
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
    const does = {
      change: (/** @type {Somebody} */ one, /** @type {Record<string, unknown>} */ changes) => this.#change(one, changes),
      reset: (/** @type {Somebody} */ one) => this.#reset(one),
      deactivate: (/** @type {Somebody} */ one) => void this.#deactivate(one),
      end: (/** @type {Somebody} */ one) => void this.#end(one),
      remove: (/** @type {Somebody} */ one) => void this.#remove(one),
    };
    document.title = `${t("shell.people")} – Balcão`;
    return html`<div class="page people">
      <header class="head"><div><h1>${t("shell.people")}</h1><p class="lead">${t("people.lead")}</p></div></header>
      ${this.problemLine}
      <div role="status">${this.#done ? html`<p class="note">${this.#done}</p>` : nothing}</div>
      ${this.#link ? html`<div class="note" role="status"><p>${t("people.link", { name: this.#link.name })} ${this.#link.mailed ? t("people.mailed") : nothing}</p><balcao-copyable .text=${this.#link.link} .label=${t("people.copy")}></balcao-copyable></div>` : nothing}
      <details class="leaf"><summary>${t("people.invite")}</summary><form @submit=${(/** @type {SubmitEvent} */ event) => this.#invite(event)}>
        ${field({ name: "email", label: t("people.email"), type: "email", required: true })}
        ${field({ name: "name", label: t("people.name") })}
        ${choice({ name: "role", label: t("people.role"), value: "member", options: ROLES.map((one) => [one, t(`people.role.${one}`)]) })}
        ${this.#groups.length ? html`<fieldset><legend>${t("people.groups")}</legend><p class="hint">${t("people.groupsHint")}</p>
          ${this.#groups.map((one) => html`<label class="check"><input type="checkbox" name="groups" value=${one.id}>${one.name}</label>`)}</fieldset>` : nothing}
        <div class="row end"><button class="primary">${t("people.send")}</button></div>
      </form></details>
      ${this.#invited.length ? waiting(this.#invited, { resend: (one) => this.#resend(one), revoke: (one) => this.#revoke(one) }) : nothing}
      <div class="field"><label for="people-search">${t("people.search")}</label><input id="people-search" type="search" maxlength="200" .value=${this.#search} @input=${(/** @type {Event} */ event) => this.#find(event)}></div>
      ${this.#people.length ? table(this.#people, person()?.id, does) : this.#search ? html`<p class="hint">${t("people.none")}</p>` : this.awaited}
      ${this.#next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("people.more")}</button></div>` : nothing}
    </div>`;
  }
}

define("page-people", PeoplePage);
