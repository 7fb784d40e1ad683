/** Fields of a section, drawn from what the server says of them, and read back as it wants them. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { choice, field, lines } from "../parts/field.js";

/** @typedef {{ name: string, shape: "line" | "paragraph" | "lines" | "secret" | "number" | "switch" | "choice", choices: string[], least: number | null, most: number | null }} Field */
/** @typedef {{ name: string, fields: Field[], values: Record<string, any> }} Section */

/** @param {string} key @returns {string} what is said, "" where nothing is */
const said = (key) => { const phrase = t(key); return phrase === key ? "" : phrase; };

/** @param {Section} section @param {Field} one @param {() => void} forget */
export function drawn(section, one, forget) {
  const key = `settings.${section.name}.${one.name}`;
  const value = section.values[one.name];
  const common = { name: one.name, within: section.name, label: t(key), hint: hint(one, said(`${key}.hint`)) };
  switch (one.shape) {
    case "choice":
      return choice({ ...common, value, options: one.choices.map((each) => [each, t(`${key}.${each}`)]) });
    case "switch":
      return html`<div class="field"><label class="check"><input type="checkbox" name=${one.name} .checked=${value}><span>${common.label}</span></label>
        ${common.hint ? html`<p class="hint">${common.hint}</p>` : nothing}</div>`;
    case "secret":
      return html`<div class="secret">${field({ ...common, type: "password", maxlength: 4000, autocomplete: "new-password", placeholder: value ? t("settings.kept") : "" })}
        ${value ? html`<button type="button" class="small" @click=${forget}>${t("settings.forget")}<span class="unseen"> ${common.label}</span></button>` : nothing}</div>`;
    case "lines":
      return field({ ...common, type: "textarea", value: value.join("\n"), maxlength: 20000 });
    case "paragraph":
      return field({ ...common, type: "textarea", value, rows: 5, maxlength: 10000 });
    case "number":
      return field({ ...common, type: "number", value: String(value) });
    default:
      return field({ ...common, value, maxlength: 500 });
  }
}

/** @param {Field} one @param {string} words */
function hint(one, words) {
  if (one.shape === "lines") return `${words} ${t("settings.perLine")}`.trim();
  if (one.shape !== "number" || one.least === null || one.most === null) return words;
  return `${words} ${t("settings.between", { least: one.least, most: one.most })}`.trim();
}

/** @param {Section} section @param {FormData} given @returns {Record<string, unknown>} what differs from how it stands */
export function changes(section, given) {
  const told = section.fields.map((one) => /** @type {const} */ ([one.name, value(one, given)]));
  return Object.fromEntries(told.filter(([name, one]) => one !== undefined && JSON.stringify(one) !== JSON.stringify(section.values[name])));
}

/** @param {Field} one @param {FormData} given */
function value(one, given) {
  const text = String(given.get(one.name) ?? "");
  if (one.shape === "switch") return given.has(one.name);
  if (one.shape === "number") return text === "" ? undefined : Number(text);
  if (one.shape === "lines") return lines(text);
  if (one.shape === "secret") return text || undefined; // left empty, it stays
  return one.shape === "paragraph" ? text.replaceAll("\r\n", "\n") : text.trim();
}
