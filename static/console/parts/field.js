/** Form fields: a label, the control, a hint that a screen reader reads after them. */
import { html, nothing } from "../../shared/lit.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} [within] the form, where several on a page have a field of this name
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [type] of an input; "textarea" for longer text
 * @property {string} [value]
 * @property {boolean} [required]
 * @property {number} [rows]
 * @property {number} [maxlength]
 * @property {string} [autocomplete]
 * @property {string} [placeholder]
 * @property {number} [minlength]
 */

/** @param {string} name @param {string} within @returns {string} */
const fieldId = (name, within) => ["field", within, name].filter(Boolean).join("-");

/** @param {Field} field */
export function field({ name, within = "", label, hint, type = "text", value = "", required = false, rows = 3, maxlength = 200, autocomplete = "off", placeholder = "", minlength = 0 }) {
  const id = fieldId(name, within);
  const described = hint ? `${id}-hint` : nothing;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${type === "textarea"
      ? html`<textarea id=${id} name=${name} rows=${rows} maxlength=${maxlength} ?required=${required} placeholder=${placeholder} aria-describedby=${described} .value=${value}></textarea>`
      : html`<input id=${id} name=${name} type=${type} maxlength=${maxlength} minlength=${minlength || nothing} ?required=${required} autocomplete=${autocomplete} placeholder=${placeholder} aria-describedby=${described} .value=${value}>`}
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
  </div>`;
}

/**
 * @param {{ name: string, within?: string, label: string, hint?: string, value: string, options: readonly (readonly [string, string])[] }} choice
 */
export function choice({ name, within = "", label, hint, value, options }) {
  const id = fieldId(name, within);
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} name=${name} aria-describedby=${hint ? `${id}-hint` : nothing}>
      ${options.map(([one, text]) => html`<option value=${one} ?selected=${one === value}>${text}</option>`)}
    </select>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
  </div>`;
}

/**
 * A choice that explains itself: each option has a name and a sentence.
 * @param {{ name: string, label: string, hint?: string, value: string, options: readonly (readonly [string, string, string])[] }} choice
 */
export function explained({ name, label, hint, value, options }) {
  const id = `field-${name}`;
  return html`<fieldset class="explained" aria-describedby=${hint ? `${id}-hint` : nothing}>
    <legend>${label}</legend>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    ${options.map(([one, title, sentence]) => html`<div class="option">
      <input type="radio" id="${id}-${one}" name=${name} value=${one} ?checked=${one === value} aria-describedby="${id}-${one}-says">
      <div><label for="${id}-${one}">${title}</label><p class="hint" id="${id}-${one}-says">${sentence}</p></div>
    </div>`)}
  </fieldset>`;
}

/** @param {Event} event of a form's submission @returns {Record<string, string>} its fields, trimmed (passwords are not) */
export function answers(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const entries = [...new FormData(form)].map(([name, value]) => [name, name === "password" ? String(value) : String(value).trim()]);
  return Object.fromEntries(entries);
}

/** @param {string} text @returns {string[]} its lines that say something */
export const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
