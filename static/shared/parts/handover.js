/** Hands the conversation to a person of the house: a button, a short form, and what was said to it. */
import { request } from "../api.js";
import { define, Part } from "../element.js";
import { html, nothing } from "../lit.js";
import { t } from "../words.js";
import "./rare.js";

class HandoverPart extends Part {
  conversation = "";
  #open = false;
  #said = "";
  #problem = "";

  /** @param {SubmitEvent} event */
  async #hand(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const body = Object.fromEntries([...given].map(([name, value]) => [name, String(value)]));
    try {
      const { said } = await request("POST", `/api/conversations/${this.conversation}/handover`, body);
      [this.#said, this.#problem, this.#open] = [said, "", false];
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {boolean} open */
  #turn(open) {
    this.#open = open;
    this.changed();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector(open ? "input" : "button"))?.focus());
  }

  template() {
    if (this.#said) return html`<p class="aside" role="status">${this.#said}</p>`;
    if (!this.#open) return html`<button type="button" class="small" @click=${() => this.#turn(true)}>${t("handover.ask")}</button>`;
    return html`<form class="handover" aria-label=${t("handover.ask")} @submit=${(/** @type {SubmitEvent} */ event) => void this.#hand(event)}>
      <p>${t("handover.lead")}</p>
      <label>${t("handover.reachBy")}<input name="reach_by" maxlength="200" autocomplete="email"></label>
      <label>${t("handover.note")}<textarea name="note" rows="2" maxlength="2000"></textarea></label>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      <div class="row end"><button type="button" @click=${() => this.#turn(false)}>${t("handover.leave")}</button><button class="primary">${t("handover.hand")}</button></div>
    </form>`;
  }
}

define("balcao-handover", HandoverPart);
