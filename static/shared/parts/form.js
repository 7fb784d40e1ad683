/** A form of the house under an answer: its fields, what to do about each that does not fit, and what was said to it. */
import { get, request } from "../api.js";
import { define, Part } from "../element.js";
import { html, nothing } from "../lit.js";
import { t } from "../words.js";
import "./rare.js";

/** @typedef {import("../types").FormField} Field */

/** How a line of each kind is typed on a telephone, and what a browser may fill in. */
const TYPED = {
  text: ["text", "text", "on"], email: ["email", "email", "email"], phone: ["tel", "tel", "tel"],
  cpf: ["text", "numeric", "off"], date: ["date", "none", "off"],
};
let forms = 0;

class FormPart extends Part {
  conversation = "";
  /** @type {import("../types").FormSheet | null} */
  #sheet = null;
  /** @type {Record<string, string>} by label */
  #wrong = {};
  #said = "";
  #problem = "";
  #number = forms++;

  get #address() {
    return `/api/conversations/${this.conversation}/form`;
  }

  opened() {
    void this.#trying(async () => { this.#sheet = await get(this.#address); });
  }

  /** @param {() => Promise<void>} act */
  async #trying(act) {
    this.#problem = "";
    this.#wrong = {};
    try {
      await act();
    } catch (error) {
      const { message, fields } = /** @type {import("../api.js").Problem} */ (error);
      [this.#problem, this.#wrong] = [message, fields];
    }
    this.changed();
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const values = Object.fromEntries((this.#sheet?.fields ?? []).map(({ label }, n) => [label, String(given.get(`f${n}`) ?? "")]));
    await this.#trying(async () => { this.#said = (await request("POST", this.#address, { values })).said; });
    // Once it is drawn: what was said took the place of the field that was being typed in.
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector(this.#said ? "[role=status]" : "[aria-invalid=true]"))?.focus());
  }

  template() {
    if (this.#said) return html`<p class="aside" role="status" tabindex="-1">${this.#said}</p>`;
    if (this.#sheet?.sent) return html`<p class="aside">${t("form.sent")}</p>`;
    const problem = this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing;
    if (!this.#sheet) return problem;
    return html`<form class="handover" novalidate aria-label=${this.#sheet.title} @submit=${(/** @type {SubmitEvent} */ event) => void this.#send(event)}>
      ${this.#sheet.fields.map((field, n) => this.#field(field, n))}
      ${problem}
      <div class="row end"><button class="primary">${t("form.send")}</button></div>
    </form>`;
  }

  /** @param {Field} field @param {number} n */
  #field(field, n) {
    const id = `form${this.#number}-${n}`;
    const wrong = this.#wrong[field.label];
    const says = [field.hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ");
    return html`<div class="asked">
      <label for=${id}>${field.label}${field.required ? nothing : html` <span class="hint">(${t("form.optional")})</span>`}</label>
      ${field.hint ? html`<p class="hint" id="${id}-hint">${field.hint}</p>` : nothing}
      ${control(field, id, n, wrong, says)}
      ${wrong ? html`<p class="wrong" id="${id}-wrong">${wrong}</p>` : nothing}
    </div>`;
  }
}

/** @param {Field} field @param {string} id @param {number} n @param {string | undefined} wrong @param {string} says the ids of what is said about it */
function control({ kind, required, choices }, id, n, wrong, says) {
  const [invalid, described] = [wrong ? "true" : nothing, says || nothing];
  if (kind === "long") return html`<textarea id=${id} name="f${n}" rows="4" maxlength="2000" ?required=${required} aria-invalid=${invalid} aria-describedby=${described}></textarea>`;
  if (kind === "choice") return html`<select id=${id} name="f${n}" ?required=${required} aria-invalid=${invalid} aria-describedby=${described}>
    <option value="">${t("form.choose")}</option>${choices.map((one) => html`<option value=${one}>${one}</option>`)}</select>`;
  const [type, mode, fill] = TYPED[kind];
  return html`<input id=${id} name="f${n}" type=${type} inputmode=${mode} autocomplete=${fill} maxlength="200" ?required=${required} aria-invalid=${invalid} aria-describedby=${described}>`;
}

define("balcao-form", FormPart);
