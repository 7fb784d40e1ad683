/** What the palette offers: the pages, a few acts, and whatever the server finds by its name. */
import { get } from "../../shared/api.js";
import { LANGUAGES, NAMES, language, t } from "../../shared/words.js";
import { go } from "../routes.js";
import { choose, edits, mayChange, sees } from "../session.js";
import { THEMES, theme, wear } from "../theme.js";
import { take, worthwhile } from "../tour/offer.js";
import { wayTo, ways } from "../ways.js";
import { explain, singleKeys } from "./shortcuts.js";
import { plain, words } from "./typed.js";

/**
 * @typedef {object} Choice
 * @property {string} group the kind of thing it is, as its phrase is named
 * @property {string} name
 * @property {string} [within] what tells it from others of the same name
 * @property {string} [key] the keys that do the same
 * @property {() => unknown} does
 */
/** @typedef {{ kind: string, id: string, name: string, within: string, assistant: string | null }} Found */

/** @param {string} address @returns {() => void} */
const to = (address) => () => go(address);

/**
 * The pages and acts of this person.
 * @param {import("../../shared/types").Assistant[]} assistants those that stand in the frame
 * @param {string} open the id of the one that is open, "" for none
 * @returns {Choice[]}
 */
export function own(assistants, open) {
  return [...ways().map((way) => ({ group: "page", name: t(way.word), key: singleKeys() ? `g ${way.letter}` : "", does: to(wayTo(way)) })), ...acts(assistants, open)];
}

/** @param {import("../../shared/types").Assistant[]} assistants @param {string} open @returns {Choice[]} */
function acts(assistants, open) {
  const mine = assistants.filter((one) => mayChange(one));
  const fed = mine.find(({ id }) => id === open) ?? mine[0];
  return [
    ...(edits() ? [act("new", to("#/assistants/new"))] : []),
    ...(fed ? [{ ...act("upload", to(`#/assistants/${fed.id}/documents`)), within: fed.name }] : []),
    ...LANGUAGES.filter((one) => one !== language()).map((one) => ({ group: "act", name: t("palette.speak", { language: NAMES[one] }), does: () => speak(one) })),
    ...THEMES.filter((one) => one !== theme()).map((one) => act(one, () => wear(one))),
    ...(worthwhile() ? [{ group: "act", name: t("tour.palette"), does: take }] : []),
    act("keys", explain, singleKeys() ? "?" : ""),
    act("leave", () => window.dispatchEvent(new Event("balcao:leave"))),
  ];
}

/** @param {string} name @param {() => unknown} does @param {string} [key] @returns {Choice} */
const act = (name, does, key) => ({ group: "act", name: t(`palette.${name}`), does, key });

/** @param {import("../../shared/words.js").Language} chosen */
async function speak(chosen) {
  await choose(chosen).catch(() => {});
  window.dispatchEvent(new Event("balcao:redraw"));
}

/** @param {Choice[]} choices @param {string} typed @returns {Choice[]} those that have all its words; what begins so comes first */
export function meant(choices, typed) {
  const sought = words(typed);
  const rank = (/** @type {Choice} */ { name }) => (plain(name).startsWith(sought[0] ?? "") ? 0 : 1);
  return choices.filter((one) => sought.every((word) => plain(`${one.name} ${one.within ?? ""}`).includes(word)))
    .sort((one, other) => (one.group === other.group ? rank(one) - rank(other) : 0));
}

/** @param {string} typed @returns {Promise<Choice[]>} what the server calls so, of what this person may see */
export async function found(typed) {
  if (!sees("assistants")) return [];
  const { items } = await get(`/api/search/everywhere?${new URLSearchParams({ q: typed })}`);
  return items.map((/** @type {Found} */ one) => ({ group: one.kind, name: one.name, within: one.within, does: to(addressOf(one)) }));
}

/** @param {Found} one @returns {string} where it is looked at */
function addressOf({ kind, id, assistant, within }) {
  if (kind === "assistant") return `#/assistants/${id}`;
  if (kind === "collection") return `#/collections/${id}`;
  if (kind === "document") return `#/documents/${id}`;
  if (kind === "person") return `#/people?${new URLSearchParams({ search: within })}`;
  return `#/assistants/${assistant}/chat?conversation=${id}`;
}
