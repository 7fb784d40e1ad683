/** One's own account: name, language, password, and where one is signed in. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { LANGUAGES, NAMES, date, language, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { allowSingleKeys, explain, singleKeys } from "../palette/shortcuts.js";
import { answers, choice, field } from "../parts/field.js";
import { go } from "../routes.js";
import { choose, forget, person, recognise } from "../session.js";
import { THEMES, theme, wear } from "../theme.js";

/** @typedef {{ id: string, seen_at: string, address: string, browser: string, current: boolean }} Session */

class ProfilePage extends Page {
  /** @type {Session[]} */
  #sessions = [];
  #done = "";

  get #own() {
    return `/api/people/${person()?.id}`;
  }

  arrived() {
    void this.trying(() => this.#load());
  }

  async #load() {
    this.#sessions = (await get(`${this.#own}/sessions`)).items;
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const { name, language: chosen } = answers(event);
    void this.trying(async () => {
      await request("PATCH", this.#own, { name });
      await choose(/** @type {import("../../shared/types").Language} */ (chosen));
      await recognise();
      this.#done = t("profile.saved");
      window.dispatchEvent(new Event("balcao:redraw"));
    });
  }

  /** @param {SubmitEvent} event */
  #changePassword(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = Object.fromEntries(new FormData(form));
    void this.trying(async () => {
      await request("PATCH", this.#own, given);
      this.#done = t("profile.changed");
      form.reset();
      await this.#load();
    });
  }

  /** @param {Event} event */
  #wear(event) {
    wear(/** @type {HTMLSelectElement} */ (event.target).value);
    this.#done = t("shortcuts.saved");
    this.changed();
  }

  /** @param {Event} event */
  #keys(event) {
    allowSingleKeys(/** @type {HTMLInputElement} */ (event.target).checked);
    this.#done = t("shortcuts.saved");
    this.changed();
  }

  /** @param {Session} one */
  #end(one) {
    void this.trying(async () => {
      await request("DELETE", `${this.#own}/sessions/${one.id}`);
      await this.#load();
    });
  }

  #everywhere() {
    void this.trying(async () => {
      await request("DELETE", `${this.#own}/sessions`);
      forget();
      go("#/sign-in");
    });
  }

  template() {
    document.title = `${t("shell.profile")} – Balcão`;
    return html`<div class="page narrow profile">
      <header class="head"><div><h1>${t("shell.profile")}</h1><p class="lead">${t("profile.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#done ? html`<p class="note" role="status">${this.#done}</p>` : nothing}
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event)}>
        ${field({ name: "name", label: t("people.name"), value: person()?.name ?? "", required: true, autocomplete: "name" })}
        ${choice({ name: "language", label: t("shell.language"), value: language(), options: LANGUAGES.map((one) => [one, NAMES[one]]) })}
        <div class="row end"><button class="primary">${t("profile.save")}</button></div>
      </form>
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#changePassword(event)}>
        <h2>${t("profile.password")}</h2>
        ${field({ name: "current_password", label: t("profile.current"), type: "password", required: true, maxlength: 1024, autocomplete: "current-password" })}
        ${field({ name: "password", label: t("profile.new"), hint: t("enter.hint"), type: "password", required: true, minlength: 8, maxlength: 1024, autocomplete: "new-password" })}
        <div class="row end"><button class="primary">${t("profile.change")}</button></div>
      </form>
      <form class="leaf" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <div class="field"><label for="theme">${t("theme.title")}</label><select id="theme" @change=${(/** @type {Event} */ event) => this.#wear(event)}>
          ${THEMES.map((one) => html`<option value=${one} ?selected=${one === theme()}>${t(`theme.${one}`)}</option>`)}</select></div>
        <label class="check"><input type="checkbox" aria-describedby="single-says" .checked=${singleKeys()} @change=${(/** @type {Event} */ event) => this.#keys(event)}>${t("shortcuts.single")}</label>
        <p class="hint" id="single-says">${t("shortcuts.singleHint")}</p>
        <div class="row"><button type="button" class="small" @click=${explain}>${t("shortcuts.sheet")}</button></div></form>
      <p><a href="#/second-factor">${t("factor.title")}</a>: ${t("factor.lead")}</p>
      <section><h2>${t("profile.sessions")}</h2>${this.#sessions.length ? this.#table() : this.awaited}
        <div class="row end"><button type="button" @click=${() => this.#everywhere()}>${t("profile.everywhere")}</button></div></section>
    </div>`;
  }

  #table() {
    return html`<div class="scroll"><table>
      <thead><tr><th scope="col">${t("profile.browser")}</th><th scope="col">${t("profile.address")}</th><th scope="col">${t("profile.seen")}</th><th scope="col"><span class="unseen">${t("people.do")}</span></th></tr></thead>
      <tbody>${this.#sessions.map((one) => html`<tr>
        <th scope="row">${one.browser || t("profile.unknown")}${one.current ? html`<span class="sub">${t("profile.here")}</span>` : nothing}</th>
        <td>${one.address}</td><td>${date(one.seen_at, true)}</td>
        <td class="do">${one.current ? nothing : html`<button type="button" class="small" aria-label=${t("profile.endOf", { name: one.browser || t("profile.unknown") })} @click=${() => this.#end(one)}>${t("profile.end")}</button>`}</td>
      </tr>`)}</tbody></table></div>`;
  }
}

define("page-profile", ProfilePage);
