/**
 * A new assistant in three steps: who it is, what it reads, how it answers.
 * From the second step on the assistant exists; its id is in the address, so
 * a reload goes on where the person was.
 */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import "../../shared/parts/chat.js";
import { done } from "../parts/drawings.js";
import { LANGUAGES, NAMES, language, t } from "../../shared/words.js";
import { addressForm, begin } from "../maker/address.js";
import { embedding } from "../maker/embed.js";
import { Page } from "../page.js";
import { answers, choice, field } from "../parts/field.js";
import "../parts/shelf.js";
import "../parts/source-pane.js";
import { go } from "../routes.js";

const STEPS = ["name", "documents", "try"];
const TONES = ["plain", "formal", "warm"];

class WizardPage extends Page {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  #ready = 0;
  #address = location.origin;
  #tone = TONES[0];
  #begun = false; // whether an address is being read

  get #step() {
    return this.route.path.length === 4 ? STEPS.indexOf(this.route.path[3]) : 0;
  }

  arrived() {
    const id = this.route.path[2];
    if (!id) {
      this.#assistant = null;
      return;
    }
    void this.trying(async () => {
      if (this.#assistant?.id !== id) this.#assistant = await get(`/api/assistants/${id}`);
      this.#address = (await get("/api/system").catch(() => null))?.address || location.origin;
    });
  }

  /** @param {SubmitEvent} event */
  #create(event) {
    const { name, language: spoken, instructions, greeting, suggestions } = answers(event);
    void this.trying(async () => {
      const body = { name, language: spoken, instructions, greeting, suggestions: suggestions.split("\n").map((one) => one.trim()).filter(Boolean) };
      this.#assistant = await request("POST", "/api/assistants", body);
      go(`#/assistants/new/${this.#assistant?.id}/documents`);
    });
  }

  /** A page of the web becomes a source, and is read at once. @param {SubmitEvent} event */
  #read(event) {
    const { address } = answers(event);
    const form = /** @type {HTMLFormElement} */ (event.target);
    void this.trying(async () => {
      await begin(this.#assistant?.collections[0] ?? "", address);
      form.reset();
      this.#begun = true;
    });
  }

  template() {
    document.title = `${t("wizard.title")} – Balcão`;
    const step = this.#step;
    const body = [() => this.#first(), () => this.#second(), () => this.#third()][step];
    return html`<div class="page wizard">
      <h1>${t("wizard.title")}</h1>
      <ol class="stepper" aria-label=${t("wizard.steps")}>${STEPS.map((one, index) => html`
        <li class=${index < step ? "past" : ""} aria-current=${index === step ? "step" : "false"}>
          <span class="number">${index < step ? done() : index + 1}</span>${t(`wizard.${one}`)}</li>`)}</ol>
      ${this.problemLine}
      ${step && !this.#assistant ? nothing : body()}
    </div>`;
  }

  #first() {
    return html`<form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#create(event)}>
      <p class="lead">${t("wizard.nameLead")}</p>
      ${field({ name: "name", label: t("assistant.name"), hint: t("assistant.nameHint"), required: true, maxlength: 80, placeholder: t("assistant.nameExample") })}
      ${choice({ name: "language", label: t("assistant.language"), value: language(), options: LANGUAGES.map((one) => [one, NAMES[one]]) })}
      <fieldset class="tones"><legend>${t("wizard.tone")}</legend>
        <div class="row">${TONES.map((one) => html`<label><input type="radio" name="tone" value=${one} ?checked=${one === this.#tone}
          @change=${() => { this.#tone = one; this.changed(); }}><span>${t(`tone.${one}`)}</span></label>`)}</div>
      </fieldset>
      ${field({ name: "instructions", label: t("assistant.instructions"), hint: t("assistant.instructionsHint"), type: "textarea", rows: 3, maxlength: 4000, value: t(`tone.${this.#tone}Text`) })}
      ${field({ name: "greeting", label: t("assistant.greeting"), hint: t("assistant.greetingHint"), type: "textarea", rows: 2, maxlength: 500 })}
      ${field({ name: "suggestions", label: t("assistant.suggestions"), hint: t("assistant.suggestionsHint"), type: "textarea", rows: 3, maxlength: 1000 })}
      <div class="row end"><a class="button" href="#/assistants">${t("wizard.cancel")}</a><button class="primary">${t("wizard.next")}</button></div>
    </form>`;
  }

  #second() {
    const one = /** @type {import("../../shared/types").Assistant} */ (this.#assistant);
    const count = (/** @type {CustomEvent} */ event) => {
      this.#ready = event.detail.filter((/** @type {{ state: string }} */ document) => document.state === "ready").length;
      this.changed();
    };
    return html`<div class="leaf">
      <h2>${t("wizard.documentsTitle", { name: one.name })}</h2>
      <p class="lead">${t("wizard.documentsLead")}</p>
      <balcao-shelf .collection=${one.collections[0]} @shelf=${count}></balcao-shelf>
      ${addressForm(this.#begun, (event) => this.#read(event))}
      <div class="row end"><p class="hint grow">${this.#ready ? t("wizard.readyHint") : t("wizard.waitHint")}</p>
        <a class="button ${this.#ready ? "primary" : ""}" href="#/assistants/new/${one.id}/try">${t("wizard.next")}</a></div>
    </div>`;
  }

  #third() {
    const one = /** @type {import("../../shared/types").Assistant} */ (this.#assistant);
    const place = (/** @type {CustomEvent} */ event) => {
      event.preventDefault();
      /** @type {import("../parts/source-pane.js").SourcePane} */ (this.querySelector("balcao-source-pane")).show(event.detail);
    };
    return html`<div class="leaf try" @place=${place}>
      <h2>${t("wizard.tryTitle")}</h2>
      <p class="lead">${t("wizard.tryHint")}</p>
      <div class="bench"><balcao-chat .assistant=${one}></balcao-chat><balcao-source-pane></balcao-source-pane></div>
    </div>
    <div class="leaf">
      <h2>${t("share.embed")}</h2>
      <p class="hint">${t("wizard.embedHint")}</p>
      ${embedding(this.#address, one)}
      <div class="row end"><a class="button" href="#/assistants/${one.id}/share">${t("wizard.sites")}</a><a class="button primary" href="#/assistants/${one.id}">${t("wizard.finish")}</a></div>
    </div>`;
  }
}

define("page-wizard", WizardPage);
