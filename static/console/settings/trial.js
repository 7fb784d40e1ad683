/** A button that tries out what is saved, and one sentence that says how it went. */
import { Problem, request } from "../../shared/api.js";
import { Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/** @typedef {import("./fields.js").Section} Section */

export class Trial extends Part {
  /** @type {Section | null} */
  #section = null;
  #busy = false;
  #said = "";
  #problem = "";

  /** @param {Section} section */
  set section(section) {
    if (section !== this.#section) this.#said = this.#problem = ""; // what was tried is not what is saved now
    this.#section = section;
    this.changed();
  }

  /** @returns {Section | null} */
  get section() {
    return this.#section;
  }

  /** Called when a trial is over, however it went. */
  tried() {}

  /** @param {Record<string, any>} found what the server answered @returns {string} the sentence */
  worked(found) {
    return JSON.stringify(found);
  }

  async #try() {
    this.#busy = true;
    this.#said = this.#problem = "";
    this.changed();
    try {
      this.#said = this.worked(await request("POST", `/api/settings/${this.#section?.name}/test`));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#problem = error.message;
    }
    this.#busy = false;
    this.tried();
    this.changed();
  }

  template() {
    return html`<div class="trial">
      <button type="button" ?disabled=${this.#busy} @click=${() => void this.#try()}>${t(this.#busy ? "settings.trying" : "settings.try")}</button>
      <p class="hint">${t("settings.try.hint")}</p>
      <div role="status">${this.#said ? html`<p class="said">${this.#said}</p>` : nothing}</div>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
    </div>`;
  }
}
