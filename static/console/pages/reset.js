/** Where a reset leads: a new password, and then the door. */
import { request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { mark } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, field } from "../parts/field.js";
import { languageSelect } from "../parts/language-select.js";
import { go } from "../routes.js";

class ResetPage extends Page {
  #email = "";
  #busy = false;

  arrived() {
    const token = this.route.path[1];
    void this.trying(async () => { this.#email = (await request("POST", "/api/resets/open", { token })).email; });
  }

  /** @param {SubmitEvent} event */
  async #keep(event) {
    const { password } = answers(event);
    this.#busy = true;
    this.changed();
    await this.trying(async () => {
      await request("POST", "/api/resets/use", { token: this.route.path[1], password });
      go("#/sign-in");
    });
    this.#busy = false;
    this.changed();
  }

  template() {
    document.title = `${t("enter.reset")} – Balcão`;
    return html`<div class="door">
      <div class="row spread"><span class="brand">${mark()}<span>Balcão</span></span>${languageSelect()}</div>
      ${this.#email ? this.#form() : html`<div class="leaf"><h1>${t("enter.reset")}</h1>${this.problemLine}</div>`}
      <p class="fine"><a href="#/sign-in">${t("enter.back")}</a></p>
    </div>`;
  }

  #form() {
    return html`<form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#keep(event)}>
      <h1>${t("enter.reset")}</h1>
      <p class="lead">${t("enter.resetLead", { email: this.#email })}</p>
      <input type="hidden" name="email" autocomplete="username" value=${this.#email}>
      ${field({ name: "password", label: t("profile.new"), hint: t("enter.hint"), type: "password", required: true, minlength: 8, maxlength: 1024, autocomplete: "new-password" })}
      ${this.problemLine}
      <button class="primary wide" ?disabled=${this.#busy}>${t("enter.keep")}</button>
    </form>`;
  }
}

define("page-reset", ResetPage);
