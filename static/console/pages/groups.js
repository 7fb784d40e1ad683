/** Groups: people who belong together, and who they are. */
import { all, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import { checks } from "../rights/audience.js";

/** @typedef {{ id: string, name: string, members: string[] }} Group */
/** @typedef {{ id: string, name: string }} Named */

class GroupsPage extends Page {
  /** @type {Group[] | null} */
  #groups = null;
  /** @type {Named[]} */
  #people = [];
  /** Those whose form was opened: each lists everybody, a thousand of a thousand stop a browser. @type {Set<string>} */
  #opened = new Set();

  arrived() {
    void this.trying(async () => {
      [this.#groups, this.#people] = await Promise.all([all("/api/groups"), all("/api/people")]);
    });
  }

  /** @param {SubmitEvent} event @param {Group} [one] the group that is changed; none: a new one */
  #save(event, one) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    const body = { name: String(given.get("name")).trim(), members: given.getAll("member").map(String) };
    void this.trying(async () => {
      const kept = one ? await request("PATCH", `/api/groups/${one.id}`, body) : await request("POST", "/api/groups", body);
      const others = this.#groups ?? [];
      this.#groups = one ? others.map((other) => (other === one ? kept : other)) : [...others, kept];
      if (!one) form.reset();
      form.closest("details")?.removeAttribute("open");
    });
  }

  /** @param {Group} one */
  async #remove(one) {
    const body = t("groups.removeBody", { name: one.name });
    if (!(await confirmed({ title: t("groups.removeTitle"), body, action: t("groups.remove") }))) return;
    await this.trying(async () => {
      await request("DELETE", `/api/groups/${one.id}`);
      this.#groups = (this.#groups ?? []).filter((other) => other !== one);
    });
  }

  template() {
    document.title = `${t("shell.groups")} – Balcão`;
    const groups = this.#groups;
    return html`<div class="page narrow groups">
      <header class="head"><div><h1>${t("shell.groups")}</h1><p class="lead">${t("groups.lead")}</p></div></header>
      ${this.problemLine}
      ${groups ? html`
        <details class="leaf"><summary>${t("groups.new")}</summary>${this.#form()}</details>
        ${groups.map((one) => html`<details class="leaf" @toggle=${() => { this.#opened.add(one.id); this.changed(); }}><summary>${one.name}<span class="hint"> · ${t("groups.members", { count: one.members.length })}</span></summary>
          ${this.#opened.has(one.id) ? this.#form(one) : nothing}</details>`)}
        ${groups.length ? nothing : html`<p class="hint">${t("groups.none")}</p>`}` : this.awaited}
    </div>`;
  }

  /** @param {Group} [one] */
  #form(one) {
    return html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event, one)}>
      ${named(one)}
      ${checks("member", t("groups.who"), this.#people, one?.members ?? [], t("groups.nobody"))}
      <div class="row end">
        ${one ? html`<button type="button" class="small" aria-label=${t("groups.removeNamed", { name: one.name })} @click=${() => void this.#remove(one)}>${t("groups.remove")}</button>` : nothing}
        <button class="primary">${one ? t("groups.save") : t("groups.create")}</button>
      </div>
    </form>`;
  }
}

/** Several of these forms stand on the page: each label has to find its own input. @param {Group} [one] */
const named = (one) => html`<div class="field"><label>${t("groups.name")}<input name="name" maxlength="200" required .value=${one?.name ?? ""}></label></div>`;

define("page-groups", GroupsPage);
