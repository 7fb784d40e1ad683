/** How visitors see an assistant, with the widget itself beside the form. Fires `saved` with the assistant. */
import { ask, request } from "../../shared/api.js";
import { contrast, legible, parse } from "../../shared/colour.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { LANGUAGES, NAMES, number, t } from "../../shared/words.js";
import { answers, choice, field } from "../parts/field.js";
import { changes, drafted } from "./draft.js";
import "./stage.js";

/** @typedef {import("../../shared/types").Assistant} Assistant */
/** @typedef {import("../../shared/types").Language} Language */

class LookPart extends Part {
  /** @type {Assistant | null} */
  #assistant = null;
  /** @type {Assistant | null} what is shown and not saved yet */
  #draft = null;
  /** @type {Language | null} the language of the texts in the form; null is the assistant's own */
  #spoken = null;
  #said = "";
  #problem = "";

  /** @param {Assistant | null} one */
  set assistant(one) {
    if (one !== this.#assistant) this.#draft = one;
    this.#assistant = one;
    this.changed();
  }

  get #language() {
    return this.#spoken ?? /** @type {Assistant} */ (this.#assistant).language;
  }

  /** @param {Event} event */
  #typed(event) {
    const target = /** @type {HTMLInputElement} */ (event.target);
    if (!this.#draft || target.type === "file") return;
    this.#said = "";
    if (target.name === "spoken") this.#spoken = /** @type {Language} */ (target.value);
    else this.#draft = drafted(this.#given(), this.#draft, this.#language);
    this.changed();
  }

  #given() {
    const entries = [...new FormData(/** @type {HTMLFormElement} */ (this.querySelector("form")))];
    const { spoken: _, ...given } = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
    return given;
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#said = this.#problem = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    answers(event);
    void this.#trying(async () => {
      const detail = await request("PATCH", `/api/assistants/${this.#draft?.id}`, changes(/** @type {Assistant} */ (this.#draft)));
      this.#said = detail.held ? t("gate.heldSaid") : t("look.saved");
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    });
  }

  /** @param {Event} event */
  #picture(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const bytes = input.files?.[0];
    input.value = "";
    if (!bytes) return;
    void this.#trying(async () => {
      const { logo } = await (await ask("PUT", `/api/assistants/${this.#draft?.id}/logo`, { bytes })).json();
      this.#wear(logo);
    });
  }

  /** @param {string} logo */
  #wear(logo) {
    const draft = /** @type {Assistant} */ (this.#draft);
    const icon = logo || draft.look.icon !== "logo" ? draft.look.icon : "paper";
    this.#draft = { ...draft, look: { ...draft.look, logo, icon } };
    this.changed();
  }

  template() {
    const one = this.#draft;
    if (!one) return nothing;
    return html`<div class="maker">
      <form @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event)} @input=${(/** @type {Event} */ event) => this.#typed(event)}>
        ${this.#colours(one)}${this.#launcher(one)}${this.#texts(one)}
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
        <div class="row end"><p class="hint grow" role="status">${this.#said}</p><button class="primary">${t("look.save")}</button></div>
      </form>
      <balcao-stage .language=${this.#language} .draft=${one}></balcao-stage>
    </div>`;
  }

  /** @param {Assistant} one */
  #colours(one) {
    const { logo } = one.look;
    return html`<section><h2>${t("look.colours")}</h2>
      ${field({ name: "accent", label: t("assistant.accent"), hint: readable(one.accent), type: "color", value: one.accent })}
      <div class="field"><span id="look-logo">${t("look.logo")}</span>
        <div class="row" role="group" aria-labelledby="look-logo">
          ${logo ? html`<img src="/api/assistants/${one.id}/logo/${logo}" alt=${t("look.logo")} height="40">` : nothing}
          <label class="button">${t("look.choose")}<input class="unseen" type="file" accept="image/png,image/jpeg,image/webp" @change=${(/** @type {Event} */ event) => this.#picture(event)}></label>
          ${logo ? html`<button type="button" class="quiet" @click=${() => this.#wear("")}>${t("look.remove")}</button>` : nothing}
        </div>
        <p class="hint">${t("look.logoHint")}</p></div>
    </section>`;
  }

  /** @param {Assistant} one */
  #launcher({ look }) {
    const icons = /** @type {const} */ (["paper", "talk", "question", "logo"]).filter((name) => name !== "logo" || look.logo);
    return html`<section><h2>${t("look.launcher")}</h2><div class="grid">
      ${choice({ name: "position", label: t("look.position"), value: look.position, options: ["right", "left"].map((side) => [side, t(`history.${side}`)]) })}
      ${choice({ name: "icon", label: t("look.icon"), value: look.icon, options: icons.map((name) => [name, t(`history.${name}`)]) })}
    </div></section>`;
  }

  /** @param {Assistant} one */
  #texts(one) {
    const own = this.#language === one.language;
    const said = own ? { ...one, ...one.look, suggestions: one.suggestions } : one.look.words[this.#language];
    const text = (/** @type {"greeting" | "contact" | "disclaimer" | "label"} */ name) => said?.[name] ?? "";
    const empty = own ? undefined : t("look.asOwn", { language: NAMES[one.language] });
    return html`<section><h2>${t("look.texts")}</h2>
      ${choice({ name: "spoken", label: t("look.language"), hint: empty, value: this.#language, options: LANGUAGES.map((code) => [code, NAMES[code]]) })}
      ${field({ name: "label", label: t("look.label"), hint: t("look.labelHint"), maxlength: 40, value: text("label") })}
      ${field({ name: "greeting", label: t("assistant.greeting"), type: "textarea", rows: 2, maxlength: 500, value: text("greeting") })}
      ${field({ name: "suggestions", label: t("assistant.suggestions"), hint: t("assistant.suggestionsHint"), type: "textarea", rows: 3, maxlength: 1000, value: (said?.suggestions ?? []).join("\n") })}
      ${field({ name: "contact", label: t("assistant.contact"), hint: t("assistant.contactHint"), value: text("contact") })}
      ${own ? field({ name: "refusal", label: t("assistant.refusal"), hint: t("assistant.refusalHint"), type: "textarea", rows: 2, maxlength: 500, value: one.refusal }) : nothing}
      ${field({ name: "disclaimer", label: t("look.disclaimer"), hint: t("look.disclaimerHint"), type: "textarea", rows: 2, maxlength: 500, value: text("disclaimer") })}
    </section>`;
  }
}

/** Says how the colour reads: on the button, and as text on paper. @param {string} hex */
function readable(hex) {
  const colour = parse(hex);
  if (!colour) return "";
  const button = Math.max(contrast(colour, [255, 255, 255]), contrast(colour, [0, 0, 0]));
  const ratio = number(button, { maximumFractionDigits: 1 });
  const kept = ["light", "dark"].every((scheme) => String(legible(colour, /** @type {"light"} */ (scheme))) === String(colour));
  return kept ? t("look.contrast", { ratio }) : t("look.contrastHelped", { ratio });
}

define("balcao-look", LookPart);
