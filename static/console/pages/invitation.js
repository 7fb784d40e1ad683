/** Where an invitation leads: a name, a language and a password of one's own. */
import { request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { mark } from "../parts/drawings.js";
import { LANGUAGES, NAMES, language, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, choice, field } from "../parts/field.js";
import { languageSelect } from "../parts/language-select.js";
import { go } from "../routes.js";
import { signIn } from "../session.js";

/** @typedef {{ name: string, email: string, language: string, organization: string | null }} Welcome */

class InvitationPage extends Page {
  /** @type {Welcome | null} */
  #welcome = null;
  #busy = false;

  arrived() {
    const token = this.route.path[1];
    void this.trying(async () => { this.#welcome = await request("POST", "/api/invitations/open", { token }); });
  }

  /** @param {SubmitEvent} event @param {Welcome} welcome */
  async #enter(event, welcome) {
    const { name, password, language } = answers(event);
    this.#busy = true;
    this.changed();
    await this.trying(async () => {
      await request("POST", "/api/invitations/accept", { token: this.route.path[1], name, password, language });
      await signIn(welcome.email, password, "");
      go("#/assistants");
    });
    this.#busy = false;
    this.changed();
  }

  template() {
    document.title = `${t("enter.invited")} – Balcão`;
    return html`<div class="door">
      <div class="row spread"><span class="brand">${mark()}<span>Balcão</span></span>${languageSelect()}</div>
      ${this.#welcome ? this.#form(this.#welcome) : html`<div class="leaf"><h1>${t("enter.invited")}</h1>${this.problemLine}</div>`}
      <p class="fine"><a href="#/sign-in">${t("enter.back")}</a></p>
    </div>`;
  }

  /** @param {Welcome} welcome */
  #form(welcome) {
    return html`<form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#enter(event, welcome)}>
      <h1>${welcome.organization ?? t("enter.invited")}</h1>
      <p class="lead">${t("enter.invitedLead", { email: welcome.email })}</p>
      <input type="hidden" name="email" autocomplete="username" value=${welcome.email}>
      ${field({ name: "name", label: t("people.name"), value: welcome.name, required: true, autocomplete: "name" })}
      ${field({ name: "password", label: t("door.password"), hint: t("enter.hint"), type: "password", required: true, minlength: 8, maxlength: 1024, autocomplete: "new-password" })}
      ${choice({ name: "language", label: t("shell.language"), value: language(), options: LANGUAGES.map((one) => [one, NAMES[one]]) })}
      ${this.problem ? this.problemLine : nothing}
      <button class="primary wide" ?disabled=${this.#busy}>${t("enter.comeIn")}</button>
    </form>`;
  }
}

define("page-invitation", InvitationPage);
