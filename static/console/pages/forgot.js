/** A forgotten password, where mail is set; the answer is the same for everybody. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { mark } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, field } from "../parts/field.js";
import { languageSelect } from "../parts/language-select.js";

class ForgotPage extends Page {
  /** @type {"" | "form" | "asked" | "closed"} */
  #state = "";

  arrived() {
    void this.trying(async () => { this.#state = (await get("/api/resets")).by_mail ? "form" : "closed"; });
  }

  /** @param {SubmitEvent} event */
  #ask(event) {
    const { email } = answers(event);
    void this.trying(async () => {
      await request("POST", "/api/resets", { email });
      this.#state = "asked";
    });
  }

  template() {
    document.title = `${t("enter.forgot")} – Balcão`;
    return html`<div class="door">
      <div class="row spread"><span class="brand">${mark()}<span>Balcão</span></span>${languageSelect()}</div>
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#ask(event)}>
        <h1>${t("enter.forgot")}</h1>
        ${this.#said()}
        ${this.problemLine}
      </form>
      <p class="fine"><a href="#/sign-in">${t("enter.back")}</a></p>
    </div>`;
  }

  #said() {
    if (this.#state === "closed") return html`<p class="lead">${t("enter.byAdministrator")}</p>`;
    if (this.#state === "asked") return html`<p class="lead" role="status">${t("enter.asked")}</p>`;
    return html`<p class="lead">${t("enter.forgotLead")}</p>
      ${field({ name: "email", label: t("people.email"), type: "email", required: true, autocomplete: "username" })}
      <button class="primary wide">${t("enter.ask")}</button>`;
  }
}

define("page-forgot", ForgotPage);
