/** The intake form as its owner edits it: what it is called, what is said, and its fields one by one. */
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { field, lines } from "../parts/field.js";
import { onwards } from "./hook.js";

/** @typedef {import("../../shared/types").FormField} FormField */
/** @typedef {{ on: boolean, title: string, said: string, words: string[], fields: FormField[], thanks: string, mail_to: string, webhook: string }} Form */

const KINDS = /** @type {const} */ (["text", "long", "email", "phone", "cpf", "date", "choice"]);
const MOST = 12;
/** @type {FormField} */
const BLANK = { label: "", kind: "text", required: false, hint: "", choices: [] };
/** What most houses ask, to begin with. @returns {FormField[]} */
const usual = () => [
  { ...BLANK, label: t("form.name"), required: true },
  { ...BLANK, label: t("form.email"), kind: "email", required: true },
  { ...BLANK, label: t("form.subject"), kind: "long", required: true },
];

/** @param {Record<string, string>} given of the whole form @returns {FormField[]} */
const fieldsOf = (given) => Object.keys(given).filter((name) => /^label\d+$/.test(name)).map((name) => {
  const n = name.slice(5);
  const kind = /** @type {FormField["kind"]} */ (given[`kind${n}`]);
  return { label: given[name].trim(), kind, required: `required${n}` in given, hint: (given[`hint${n}`] ?? "").trim(), choices: kind === "choice" ? lines(given[`choices${n}`] ?? "") : [] };
});

/** @param {Record<string, string>} given @returns {Form} what stands in the whole form */
export const formOf = (given) => ({
  on: "form" in given, title: given.title, said: given.formSaid, words: lines(given.words), thanks: given.thanks, mail_to: given.mailTo, webhook: given.webhook,
  fields: fieldsOf(given).filter((one) => one.label),
});

class FieldsPart extends Part {
  /** @type {FormField[]} */
  #fields = [];
  #told = "";

  /** @param {FormField[]} given */
  set fields(given) {
    // Drawn again with what it was given before: what was typed since stays.
    if (JSON.stringify(given) === this.#told) return;
    [this.#told, this.#fields] = [JSON.stringify(given), given.length ? given : usual()];
    this.changed();
  }

  /** @param {(fields: FormField[]) => FormField[]} change @param {number} [to] whose label is typed in next */
  #change(change, to = -1) {
    const form = /** @type {HTMLFormElement} */ (this.closest("form"));
    this.#fields = change(fieldsOf(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))));
    this.changed();
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector(to < 0 ? ".add" : `[name=label${to}]`))?.focus());
  }

  template() {
    const all = this.#fields;
    return html`<ol class="fields" aria-label=${t("form.fields")}>${all.map((one, n) => html`<li><fieldset>
      <legend>${t("form.field", { n: n + 1 })}</legend>
      <div class="grid">${field({ name: `label${n}`, label: t("form.label"), maxlength: 120, value: one.label })}
        <div class="field"><label for="kind${n}">${t("form.kind")}</label><select id="kind${n}" name="kind${n}" @change=${() => this.#change((fields) => fields, n)}>
          ${KINDS.map((kind) => html`<option value=${kind} .selected=${kind === one.kind}>${t(`form.kind.${kind}`)}</option>`)}</select></div></div>
      ${one.kind === "choice" ? field({ name: `choices${n}`, label: t("form.choices"), type: "textarea", rows: 3, maxlength: 4000, value: one.choices.join("\n") }) : nothing}
      ${field({ name: `hint${n}`, label: t("form.hint"), maxlength: 200, value: one.hint })}
      <div class="row"><label class="check grow"><input type="checkbox" name="required${n}" .checked=${one.required}><span>${t("form.required")}</span></label>
        ${n ? html`<button type="button" class="small" aria-label=${t("form.upOf", { n: n + 1 })} @click=${() => this.#change((fields) => raised(fields, n), n - 1)}>${t("form.up")}</button>` : nothing}
        <button type="button" class="small" aria-label=${t("form.dropOf", { n: n + 1 })} @click=${() => this.#change((fields) => fields.filter((_, at) => at !== n))}>${t("form.drop")}</button></div>
    </fieldset></li>`)}</ol>
    ${all.length < MOST ? html`<div><button type="button" class="small add" @click=${() => this.#change((fields) => [...fields, BLANK], all.length)}>${t("form.add")}</button></div>` : nothing}`;
  }
}

/** @param {FormField[]} fields @param {number} n of the one that changes places with the one before */
const raised = (fields, n) => fields.map((_, at) => fields[at === n ? n - 1 : at === n - 1 ? n : at]);

define("balcao-fields", FieldsPart);

/** @param {Form} form @param {string} assistant its id */
export const formSection = (form, assistant) => html`<section><h2>${t("form.heading")}</h2><p class="hint">${t("form.lead")} <a href="#/handovers">${t("shell.handovers")}</a></p>
  <label class="check"><input type="checkbox" name="form" .checked=${form.on}><span>${t("form.on")}</span></label>
  ${field({ name: "title", label: t("form.title"), hint: t("form.titleHint"), maxlength: 80, value: form.title })}
  ${field({ name: "words", label: t("form.words"), hint: t("form.wordsHint"), type: "textarea", rows: 3, maxlength: 2400, value: form.words.join("\n") })}
  ${field({ name: "formSaid", label: t("form.said"), hint: t("form.saidHint"), type: "textarea", rows: 2, maxlength: 500, value: form.said })}
  <balcao-fields .fields=${form.fields}></balcao-fields>
  ${field({ name: "thanks", label: t("form.thanks"), hint: t("form.saidHint"), type: "textarea", rows: 2, maxlength: 500, value: form.thanks })}
  ${onwards(form, assistant)}
</section>`;
