/** The door. The code of the second factor is asked for only when the server wants one. */
import { get, Problem } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { mark } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, field } from "../parts/field.js";
import { languageSelect } from "../parts/language-select.js";
import { go, headed } from "../routes.js";
import { signIn } from "../session.js";

class SignInPage extends Page {
  #busy = false;
  #second = false;
  #provider = "";
  #directory = false;

  arrived() {
    get("/api/session/ways").then((ways) => {
      this.#provider = ways.provider;
      this.#directory = ways.directory;
      this.changed();
    }, () => {}); // without it the door is as it was
  }

  /** @param {SubmitEvent} event */
  async #enter(event) {
    const { email, password, totp = "" } = answers(event);
    this.#busy = true;
    this.changed();
    await this.trying(async () => {
      try {
        await signIn(email, password, totp);
      } catch (error) {
        this.#second ||= error instanceof Problem && error.code === "totp_required";
        throw error;
      }
      go(headed() || "#/assistants");
    });
    this.#busy = false;
    this.changed();
  }

  template() {
    document.title = `${t("door.title")} – Balcão`;
    return html`<div class="door">
      <div class="row spread"><span class="brand">${mark()}<span>Balcão</span></span>${languageSelect()}</div>
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#enter(event)}>
        <h1>${t("door.title")}</h1>
        <p class="lead">${t("door.lead")}</p>
        ${field({ name: "email", label: t("door.email"), type: this.#directory ? "text" : "email", required: true, autocomplete: "username" })}
        ${field({ name: "password", label: t("door.password"), type: "password", required: true, autocomplete: "current-password" })}
        ${this.#second ? field({ name: "totp", label: t("door.totp"), hint: t("door.totpHint"), required: true, autocomplete: "one-time-code" }) : nothing}
        ${this.route.query.has("refused") ? html`<p class="problem" role="alert">${t("door.refused", { code: this.route.query.get("refused") ?? "" })}</p>` : nothing}
        ${this.problemLine}
        <button class="primary wide" ?disabled=${this.#busy}>${t("door.enter")}</button>
      </form>
      ${this.#provider ? html`<a class="button wide" href="/api/session/oidc">${t("door.provider", { name: this.#provider })}</a>` : nothing}
      <p class="fine"><a href="#/forgot">${t("enter.forgot")}</a></p>
      <p class="fine">${t("door.fine")}</p>
    </div>`;
  }
}

define("page-sign-in", SignInPage);
