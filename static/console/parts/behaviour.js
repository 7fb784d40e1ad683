/** How an assistant speaks and refuses. Fires `saved` with the assistant as the server keeps it. */
import { all, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { LANGUAGES, NAMES, t } from "../../shared/words.js";
import { person } from "../session.js";
import { engineChoice } from "./engine-choice.js";
import { answers, choice, explained, field, lines } from "./field.js";

const MODES = ["", "generate", "quote"];
const STRICTNESS = ["strict", "balanced", "helpful"];

class BehaviourPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {import("../../shared/types").Engine[]} */
  #engines = [];
  /** @type {string | null} the engine in the form, when it is another than the one kept */
  #engine = null;
  #problem = "";
  #saved = "";

  opened() {
    if (person()?.role === "admin") void this.#look();
  }

  async #look() {
    try {
      this.#engines = await all("/api/engines");
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {InputEvent} event */
  #typed({ target }) {
    const { name, value } = /** @type {HTMLSelectElement} */ (target);
    if (name === "engine") this.#engine = value;
    this.#saved = "";
    this.changed();
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    const { mode, suggestions, engine, ...rest } = answers(event);
    this.#saved = "";
    try {
      const body = { ...rest, mode: mode || null, suggestions: lines(suggestions), ...(engine !== undefined && { engine: engine || null }) };
      const detail = await request("PATCH", `/api/assistants/${this.assistant?.id}`, body);
      this.#problem = "";
      this.#saved = detail.held ? t("gate.heldSaid") : t("behaviour.saved");
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    const one = this.assistant;
    if (!one) return nothing;
    return html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event)} @input=${(/** @type {InputEvent} */ event) => this.#typed(event)}>
      <section><h2>${t("behaviour.voice")}</h2>
        ${field({ name: "name", label: t("assistant.name"), value: one.name, required: true, maxlength: 80 })}
        ${choice({ name: "language", label: t("assistant.language"), value: one.language, options: LANGUAGES.map((code) => [code, NAMES[code]]) })}
        ${field({ name: "instructions", label: t("assistant.instructions"), hint: t("assistant.instructionsHint"), type: "textarea", rows: 4, maxlength: 4000, value: one.instructions })}
        ${field({ name: "greeting", label: t("assistant.greeting"), type: "textarea", rows: 2, maxlength: 500, value: one.greeting })}
        ${field({ name: "suggestions", label: t("assistant.suggestions"), hint: t("assistant.suggestionsHint"), type: "textarea", rows: 3, maxlength: 1000, value: one.suggestions.join("\n") })}
      </section>
      <section><h2>${t("behaviour.care")}</h2>
        ${choice({ name: "mode", label: t("assistant.mode"), hint: t("assistant.modeHint"), value: one.mode ?? "", options: MODES.map((mode) => [mode, t(`mode.${mode || "auto"}`)]) })}
        ${engineChoice(this.#engines, one.engine ?? "", this.#engine ?? one.engine ?? "")}
        ${explained({ name: "strictness", label: t("assistant.strictness"), hint: t("assistant.strictnessHint"), value: one.strictness, options: STRICTNESS.map((way) => [way, t(`strictness.${way}`), t(`strictness.${way}Does`)]) })}
        ${field({ name: "refusal", label: t("assistant.refusal"), hint: t("assistant.refusalHint"), type: "textarea", rows: 2, maxlength: 500, value: one.refusal })}
        ${field({ name: "contact", label: t("assistant.contact"), hint: t("assistant.contactHint"), value: one.contact })}
      </section>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      <div class="row end"><p class="hint grow" role="status">${this.#saved}</p><button class="primary">${t("behaviour.save")}</button></div>
    </form>`;
  }
}

define("balcao-behaviour", BehaviourPart);
