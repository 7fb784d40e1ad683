/** "How it was found", folded under an answer: the bench searches once somebody opens it. */
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import "./bench.js";

/** @typedef {import("../../shared/types").Exchange} Exchange */

class BenchFoldPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {Exchange | null} */
  #exchange = null;
  /** @type {import("./bench.js").Trial | null} */
  #trial = null;

  /** @param {Exchange} exchange another one folds the bench again */
  set exchange(exchange) {
    if (exchange === this.#exchange) return;
    this.#exchange = exchange;
    this.#trial = null;
    this.querySelector("details")?.removeAttribute("open");
    this.changed();
  }

  #unfold() {
    const exchange = this.#exchange;
    if (!exchange || !this.querySelector("details")?.open) return;
    this.#trial ??= { query: exchange.answer?.query ?? exchange.question, question: exchange.question };
    this.changed();
  }

  template() {
    return html`<details @toggle=${() => this.#unfold()}><summary>${t("bench.how")}</summary>
      ${this.#trial ? html`<balcao-bench .assistant=${this.assistant} .trial=${this.#trial}></balcao-bench>` : nothing}
    </details>`;
  }
}

define("balcao-bench-fold", BenchFoldPart);
