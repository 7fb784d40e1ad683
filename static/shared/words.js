/**
 * What the interface says, in the reader's language.
 *
 * One language is loaded at a time; the chat's phrases always, the console's
 * only where the console stands (`alsoSay`): a visitor never waits for them. `t("chat.queue", {place: 2})` fills the
 * holes of a phrase; a phrase `one | other` is chosen by its `count`.
 */

/** @typedef {"pt" | "en" | "es"} Language */
/** @type {readonly Language[]} */
export const LANGUAGES = ["pt", "en", "es"];
/** @type {Record<Language, string>} each in its own words */
export const NAMES = { pt: "Português", en: "English", es: "Español" };

/** @type {Language} */
let current = "pt";
/** @type {Record<string, string>} */
let phrases = {};
/** @type {((chosen: Language) => Promise<{ default: Record<string, string> }>)[]} */
const shelves = [(chosen) => import(`./words/${chosen}.js`)];

/** @param {(typeof shelves)[number]} shelf more phrases, from the next `speak` on */
export const alsoSay = (shelf) => shelves.push(shelf);

/** @returns {Language} */
export const language = () => current;

/** @param {unknown} value @returns {Language | null} */
export function known(value) {
  return LANGUAGES.find((one) => one === String(value).slice(0, 2).toLowerCase()) ?? null;
}

/** @returns {Language} the browser's first language that we speak; Portuguese otherwise */
export function preferred() {
  return navigator.languages.map(known).find((one) => one !== null) ?? "pt";
}

/** @param {Language} chosen */
export async function speak(chosen) {
  const loaded = await Promise.all(shelves.map((shelf) => shelf(chosen)));
  phrases = Object.assign({}, ...loaded.map((shelf) => shelf.default));
  current = chosen;
  document.documentElement.lang = chosen === "pt" ? "pt-BR" : chosen;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [facts]
 * @returns {string}
 */
export function t(key, facts = {}) {
  const phrase = phrases[key] ?? key;
  const forms = phrase.split(" | ");
  const form = forms.length > 1 && facts.count !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const fact = facts[name];
    return typeof fact === "number" ? number(fact) : (fact ?? "…");
  });
}

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export const number = (value, options) => new Intl.NumberFormat(locale(), options).format(value);

/** @param {number} share 0 to 1 */
export const percent = (share) => number(share, { style: "percent" });

/** @param {number} bytes */
export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return number(bytes / 1000 ** step, { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step > 1 ? 1 : 0 });
}

/** @param {string} moment RFC 3339 @param {boolean} [withTime] */
export function date(moment, withTime = false) {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: withTime ? "short" : undefined });
  return format.format(new Date(moment));
}

/** @param {string[]} things @returns {string} "4, 5 e 9" */
export const listed = (things) => new Intl.ListFormat(locale()).format(things);

const locale = () => (current === "pt" ? "pt-BR" : current);
