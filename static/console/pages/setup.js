/** The first day: the code from the terminal, and the first administrator. */
import { request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { mark } from "../parts/drawings.js";
import { LANGUAGES, NAMES, language, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, choice, field } from "../parts/field.js";
import { languageSelect } from "../parts/language-select.js";
import { go } from "../routes.js";
import { recognise, signIn } from "../session.js";

class SetupPage extends Page {
  #busy = false;

  /** @param {SubmitEvent} event */
  async #begin(event) {
    const given = answers(event);
    this.#busy = true;
    this.changed();
    await this.trying(async () => {
      const { organization, ...rest } = given;
      await request("POST", "/api/setup", organization ? { ...rest, organization } : rest);
      await signIn(given.email, given.password, "");
      await recognise();
      go("#/assistants");
    });
    this.#busy = false;
    this.changed();
  }

  template() {
    document.title = `${t("setup.title")} – Balcão`;
    return html`<div class="door">
      <div class="row spread"><span class="brand">${mark()}<span>Balcão</span></span>${languageSelect()}</div>
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#begin(event)}>
        <h1>${t("setup.title")}</h1>
        <p class="lead">${t("setup.lead")}</p>
        ${field({ name: "code", label: t("setup.code"), hint: t("setup.codeHint"), required: true })}
        <hr>
        ${field({ name: "organization", label: t("setup.organization"), hint: t("setup.organizationHint"), autocomplete: "organization" })}
        ${field({ name: "name", label: t("setup.name"), required: true, autocomplete: "name" })}
        ${field({ name: "email", label: t("door.email"), type: "email", required: true, autocomplete: "username" })}
        ${field({ name: "password", label: t("door.password"), hint: t("setup.passwordHint"), type: "password", required: true, minlength: 8, autocomplete: "new-password" })}
        ${choice({ name: "language", label: t("setup.language"), value: language(), options: LANGUAGES.map((one) => [one, NAMES[one]]) })}
        ${this.problemLine}
        <button class="primary wide" ?disabled=${this.#busy}>${t("setup.begin")}</button>
      </form>
      <p class="fine">${t("door.fine")}</p>
    </div>`;
  }
}

define("page-setup", SetupPage);
