/** One setting before and after, as a person reads it. */
import { all } from "../../shared/api.js";
import { html } from "../../shared/lit.js";
import { NAMES, t } from "../../shared/words.js";

/** @typedef {{ field: string, before: unknown, after: unknown }} Difference */

/** @param {string} field such as "look.words.en.greeting" */
function title(field) {
  const parts = field.split(".");
  const what = t(`history.field.${parts.at(-1)}`);
  if (parts[0] === "flows") return `${t(`history.flow.${parts[1]}`)}: ${t(`history.field.${parts[1]}.${parts[2]}`)}`;
  if (parts[1] !== "words") return what;
  return t("history.inLanguage", { what, language: NAMES[/** @type {"pt"} */ (parts[2])] });
}

/**
 * The names of the collections that changes speak of, by their ids: the reader's own, asked for where they are needed alone.
 * @param {Difference[]} changes @param {Map<string, string>} known @returns {Promise<Map<string, string>>}
 */
export async function collectionNames(changes, known) {
  const spoken = changes.filter(({ field }) => field === "collections").flatMap(({ before, after }) => [before ?? [], after ?? []].flat());
  if (spoken.every((id) => known.has(/** @type {string} */ (id)))) return known;
  return new Map((await all("/api/collections")).map(({ id, name }) => [id, name]));
}

/** @param {string} field @param {unknown} value @param {string} assistant its id @param {Map<string, string>} names of collections */
function said(field, value, assistant, names) {
  const name = field.split(".").at(-1) ?? "";
  const empty = value === null || value === "" || (Array.isArray(value) && !value.length);
  if (name === "engine") return t(empty ? "history.builtIn" : "history.otherEngine");
  if (name === "mode") return t(`mode.${value || "auto"}`);
  if (empty) return t("history.nothing");
  if (typeof value === "boolean") return t(value ? "history.on" : "history.off");
  if (name === "collections") return /** @type {string[]} */ (value).map((id) => names.get(id) ?? t("history.otherCollection")).join("\n");
  if (name === "week") return /** @type {string[][]} */ (value).map((spans) => spans.join(", ") || "–").join("\n");
  if (name === "fields") return /** @type {{ label: string, kind: string }[]} */ (value).map((one) => `${one.label} (${t(`form.kind.${one.kind}`)})`).join("\n");
  if (Array.isArray(value)) return value.join("\n");
  if (name === "language") return NAMES[/** @type {"pt"} */ (value)];
  if (["strictness", "icon", "position"].includes(name)) return t(`${name === "strictness" ? name : "history"}.${value}`);
  if (name === "logo") return html`<img src="/api/assistants/${assistant}/logo/${value}" alt=${t("history.field.logo")} height="32">`;
  if (name === "accent") return html`<span class="swatch" aria-hidden="true" .style=${`background: ${value}`}></span>${value}`;
  return String(value);
}

/** @param {Difference} one @param {string} assistant its id @param {Map<string, string>} names of collections, by their ids */
export const difference = ({ field, before, after }, assistant, names) => html`<div class="difference">
  <dt>${title(field)}</dt>
  <dd><span class="unseen">${t("history.before")}</span><del>${said(field, before, assistant, names)}</del></dd>
  <dd><span class="unseen">${t("history.after")}</span><ins>${said(field, after, assistant, names)}</ins></dd>
</div>`;
