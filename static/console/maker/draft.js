/** What an assistant would look like: the fields of the form, before anything is saved. */
import { lines } from "../parts/field.js";

/** @typedef {import("../../shared/types").Assistant} Assistant */
/** @typedef {import("../../shared/types").Look} Look */
/** @typedef {import("../../shared/types").Language} Language */

export const OWN = /** @type {const} */ (["greeting", "contact", "refusal", "accent"]);
export const SAID = /** @type {const} */ (["greeting", "contact", "disclaimer", "label"]);

/** @param {Record<string, string>} given of the form @param {Assistant} one @param {Language} spoken the language of its texts */
export function drafted(given, one, spoken) {
  const { position, icon, accent, suggestions, ...texts } = given;
  const listed = lines(suggestions ?? "");
  const look = /** @type {Look} */ ({ ...one.look, position, icon });
  if (spoken !== one.language) {
    const said = { ...Object.fromEntries(SAID.map((name) => [name, texts[name]])), suggestions: listed };
    const empty = !listed.length && SAID.every((name) => !texts[name]);
    const { [spoken]: _, ...others } = look.words;
    return { ...one, accent, look: { ...look, words: /** @type {Look["words"]} */ (empty ? others : { ...others, [spoken]: said }) } };
  }
  const { label, disclaimer, ...own } = texts;
  return { ...one, ...own, accent, suggestions: listed, look: { ...look, label, disclaimer } };
}

/** What the server is asked to keep of a draft. @param {Assistant} draft */
export const changes = (draft) => ({
  ...Object.fromEntries(OWN.map((name) => [name, draft[name]])), suggestions: draft.suggestions, look: draft.look,
});
