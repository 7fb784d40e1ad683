/** Trying a search without asking: a line to write in, and the bench below it. The query stands in the address. */
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { rename } from "../routes.js";
import "./bench.js";
import { answers, field } from "./field.js";

class TrialPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  query = "";
  /** A new object for each search, so that the same words can be tried again. @type {import("./bench.js").Trial | null} */
  #trial = null;

  opened() {
    if (this.query) this.#trial = { query: this.query, question: this.query };
  }

  /** @param {string} query */
  #try(query) {
    if (!query) return;
    this.query = query;
    this.#trial = { query, question: query };
    rename(`#/assistants/${this.assistant?.id}/bench?query=${encodeURIComponent(query)}`);
    this.changed();
  }

  template() {
    if (!this.assistant) return nothing;
    return html`
      <div><h2>${t("bench.title")}</h2><p class="lead">${t("bench.lead")}</p></div>
      <form class="row add" role="search" @submit=${(/** @type {SubmitEvent} */ event) => this.#try(answers(event).query)}>
        ${field({ name: "query", label: t("bench.query"), value: this.query, maxlength: 4000, required: true })}
        <button class="primary">${t("bench.try")}</button>
      </form>
      ${this.#trial ? html`<balcao-bench .assistant=${this.assistant} .trial=${this.#trial}></balcao-bench>` : this.#empty(this.assistant.suggestions)}`;
  }

  /** @param {string[]} suggestions */
  #empty(suggestions) {
    if (!suggestions.length) return html`<p class="note">${t("bench.empty")}</p>`;
    return html`<div class="note"><p>${t("bench.emptySuggested")}</p>
      <ul class="row">${suggestions.map((one) => html`<li><button type="button" class="small" @click=${() => this.#try(one)}>${one}</button></li>`)}</ul></div>`;
  }
}

define("balcao-trial", TrialPart);
