/** Two-step verification of whoever sits here: set up, shown, renewed, turned off. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers } from "../parts/field.js";
import { begun, codes, off, on } from "../second-factor/steps.js";

/** @typedef {{ enabled: boolean, required: boolean, since: string | null, codes_left: number }} SecondFactor */
/** @typedef {{ secret: string, address: string, picture: string }} Begun */

class SecondFactorPage extends Page {
  /** @type {SecondFactor | null} */
  #standing = null;
  /** @type {Begun | null} */
  #begun = null;
  /** @type {string[]} told once */
  #codes = [];

  arrived() {
    void this.trying(() => this.#look());
  }

  async #look() {
    this.#standing = await get("/api/second-factor");
  }

  drawn() {
    if (this.#begun) /** @type {HTMLElement | null} */ (this.querySelector("[name=code]"))?.focus();
  }

  /**
   * Sends a form, and goes on with what came back.
   * @param {SubmitEvent} event @param {string} path @param {(told: any) => void | Promise<void>} then
   */
  #send(event, path, then) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = answers(event);
    void this.trying(async () => {
      await then(await request("POST", `/api/second-factor${path}`, given));
      form.reset();
    });
  }

  template() {
    document.title = `${t("factor.title")} – Balcão`;
    return html`<div class="page narrow factor">
      <header class="head"><div><h1>${t("factor.title")}</h1><p class="lead">${t("factor.lead")}</p></div></header>
      ${this.#standing?.required && !this.#standing.enabled ? html`<p class="note" role="status">${t("factor.required")}</p>` : nothing}
      ${this.problemLine}
      ${this.#standing ? this.#step(this.#standing) : nothing}
    </div>`;
  }

  /** @param {SecondFactor} standing */
  #step(standing) {
    if (this.#codes.length) return codes(this.#codes, () => { this.#codes = []; this.changed(); });
    if (this.#begun) {
      return begun(this.#begun, (event) => this.#send(event, "/confirm", async (told) => {
        this.#begun = null;
        this.#codes = told.codes;
        await this.#look();
      }));
    }
    if (!standing.enabled) return off((event) => this.#send(event, "", (told) => { this.#begun = told; }));
    return on(standing, {
      renew: (event) => this.#send(event, "/codes", async (told) => { this.#codes = told.codes; await this.#look(); }),
      remove: (event) => this.#send(event, "/remove", (told) => { this.#standing = told; }),
    });
  }
}

define("page-second-factor", SecondFactorPage);
