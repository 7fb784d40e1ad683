/** Where a question is written: Enter asks, Shift+Enter begins a line; while an answer is written, the same place stops it. */
import { define, Part } from "../element.js";
import { html } from "../lit.js";
import { t } from "../words.js";
import { ask, stop } from "./icons.js";

const LONGEST = 4000;

class ComposerPart extends Part {
  #busy = false;
  /** @type {(question: string) => void} */
  ask = () => {};
  /** @type {() => void} */
  stop = () => {};

  /** @param {boolean} busy */
  set busy(busy) {
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.changed();
  }

  get #field() {
    return /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
  }

  /** Puts the cursor into the field. */
  focus() {
    this.querySelector("textarea")?.focus();
  }

  #send() {
    const question = this.#field.value.trim();
    if (!question || this.#busy) return;
    this.#field.value = "";
    this.#grow();
    this.ask(question);
  }

  #grow() {
    const field = this.#field;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 168)}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // isComposing: Enter may only be choosing a letter of an input method.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  template() {
    return html`<form @submit=${(/** @type {Event} */ event) => { event.preventDefault(); this.#send(); }}>
      <textarea rows="1" maxlength=${LONGEST} aria-label=${t("chat.question")} placeholder=${t("chat.placeholder")}
        @input=${() => this.#grow()} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}></textarea>
      ${this.#busy
        ? html`<button type="button" class="round" aria-label=${t("chat.stop")} title=${t("chat.stop")} @click=${() => this.stop()}>${stop()}</button>`
        : html`<button type="submit" class="round primary" aria-label=${t("chat.ask")} title=${t("chat.ask")}>${ask()}</button>`}
    </form>`;
  }
}

define("balcao-composer", ComposerPart);
