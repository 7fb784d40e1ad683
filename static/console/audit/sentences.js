/** Acts as sentences: who did what to what, with the names in bold, and the rest as a list. */
import { html } from "../../shared/lit.js";
import { listed, t } from "../../shared/words.js";

/**
 * @typedef {object} Entry one act, as the record tells it
 * @property {string} id
 * @property {string} at
 * @property {string} caller "kind:id"
 * @property {string} name the caller's, as it was then; "" once it is erased
 * @property {string} act
 * @property {string} subject
 * @property {Record<string, unknown>} details
 * @property {string} hash
 * @property {Record<string, string>} names what the ids in it are called today
 */

const HOLES = ["\u0001", "\u0002", "\u0003"]; // stand for a name until the phrase is cut there
const ID = /^[0-9a-f]{26}$/;

/** @param {string} key @returns {boolean} whether there are words for it */
const said = (key) => t(key) !== key;

/** @param {string} act @returns {string} an act, for a list to choose from: without whom and what */
export function actName(act) {
  const phrase = said(`act.${act}`) ? t(`act.${act}`) : act;
  return `${phrase.split(/[.:] |, /)[0].replace(/ ?…/, "")} (${act})`;
}

/** @param {Entry} entry @returns {unknown} its sentence */
export function sentence(entry) {
  const { act, caller, details, subject } = entry;
  const own = caller === `person:${subject}` && said(`own.${act}`);
  const named = [thing(entry), called(entry, String(details.owner ?? "")), String(details.reason ?? "")];
  const [first, second, third] = HOLES;
  const facts = { act, thing: first, owner: second, reason: third };
  const phrase = own ? t(`own.${act}`, facts) : t(said(`act.${act}`) ? `act.${act}` : "act.other", facts);
  const pieces = phrase.split(new RegExp(`([${HOLES.join("")}])`));
  return html`<strong>${entry.name || t("audit.erased")}</strong> ${pieces.map((piece) => {
    const hole = HOLES.indexOf(piece);
    if (hole < 0) return piece;
    return piece === third ? named[hole] : html`<b>${named[hole]}</b>`;
  })}`;
}

/** @param {Entry} entry @returns {string} what an act was done to */
function thing(entry) {
  const { act, details, names, subject } = entry;
  if (act === "settings.change" && said(`settings.${subject}`)) return t(`settings.${subject}`);
  const written = [details.name, details.title, details.email, details.address].find((one) => typeof one === "string" && one);
  return String(names[subject] ?? written ?? called(entry, subject));
}

/** @param {Entry} entry @param {string} id of somebody or something, also as "person:ID" */
function called({ names }, id) {
  const bare = id.replace(/^(person|key|visitor):/, "");
  return names[bare] ?? (ID.test(bare) ? t("audit.gone", { id: bare.slice(-6) }) : bare || "…");
}

/** @param {Entry} entry @returns {[string, string][]} everything that was written down with an act */
export function particulars(entry) {
  return Object.entries(entry.details).map(([name, value]) => [name, valued(entry, value)]);
}

/** @param {Entry} entry @param {unknown} value @returns {string} */
function valued(entry, value) {
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (Array.isArray(value)) return listed(value.map((one) => valued(entry, one)));
  if (typeof value === "string") return called(entry, value);
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
