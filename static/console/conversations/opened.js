/** Somebody else's conversation, opened for a reason: to be read, and nothing more. */
import { remembered } from "../../shared/asking.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import "../../shared/parts/answer.js";
import { back } from "../parts/drawings.js";
import { date, t } from "../../shared/words.js";
import "../parts/source-pane.js";
import { takeForAReason, takeOthers } from "./taking.js";

/**
 * @typedef {object} Opened
 * @property {string} id
 * @property {string} name whose it is
 * @property {string} assistant its name
 * @property {string} reason
 * @property {any[]} messages as the server told them
 */

class OpenedPart extends Part {
  /** @type {Opened | null} */
  #opened = null;
  /** @type {{ exchange: import("../../shared/types").Exchange, at: string }[]} */
  #exchanges = [];
  #told = "";

  /** @param {Opened} opened */
  set conversation(opened) {
    if (opened === this.#opened) return;
    this.#opened = opened;
    this.#exchanges = opened.messages.map((one) => ({ exchange: remembered(one), at: one.created_at }));
    this.changed();
  }

  /** @param {string} form */
  async #take(form) {
    const { id, reason } = /** @type {Opened} */ (this.#opened);
    this.#told = t("talks.exported");
    await takeForAReason(id, reason, form).catch((error) => { this.#told = error.message; });
    this.changed();
  }

  opened() {
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector("h1"))?.focus());
  }

  /** @param {CustomEvent} event a source that was opened */
  #place(event) {
    event.preventDefault();
    this.classList.add("beside");
    /** @type {import("../parts/source-pane.js").SourcePane} */ (this.querySelector("balcao-source-pane")).show(event.detail);
  }

  template() {
    const opened = this.#opened;
    if (!opened) return nothing;
    return html`<div class="desk" @place=${(/** @type {CustomEvent} */ event) => this.#place(event)} @shut=${() => this.classList.remove("beside")}>
      <div class="reading-room"><div class="column">
        <div><button type="button" class="quiet back" @click=${() => this.dispatchEvent(new CustomEvent("done", { bubbles: true }))}>${back()}${t("talks.shut")}</button>
        
        <div class="row spread"><h1 tabindex="-1">${t("talks.of", { name: opened.name })}</h1><div class="row tools">${takeOthers((form) => void this.#take(form))}</div></div><p class="lead">${opened.assistant}</p></div>
        <p class="note">${t("talks.recorded", { reason: opened.reason })}</p>
        <p role="status">${this.#told}</p>
        ${this.#exchanges.map(({ exchange, at }) => html`<article class="exchange">
          <h2 class="question">${exchange.question}</h2><p class="sub"><time datetime=${at}>${date(at, true)}</time></p>
          <balcao-answer .rate=${null} .exchange=${exchange}></balcao-answer>
        </article>`)}
      </div></div>
      <balcao-source-pane></balcao-source-pane>
    </div>`;
  }
}

define("balcao-opened", OpenedPart);
