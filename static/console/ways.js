/**
 * The ways through the console: each page that has an address of its own, what it is called, how it is
 * drawn, and the letter that leads there after "g". Whom a page is for, `session.js` knows alone.
 */
import { bell, bin, braces, chip, columns, folder, key, leaving, people, pulse, record, several, shield, steps, talk, tray, tune, vault, warning } from "./parts/drawings.js";
import { sees } from "./session.js";

/**
 * @typedef {object} Way
 * @property {string} file of the page
 * @property {string} word what it is called
 * @property {() => unknown} drawing
 * @property {string} letter after "g"
 * @property {string[]} [also] other areas that lie behind it
 * @property {string} [under] the heading that it stands under; without one, before them all
 * @property {boolean} [aside] reached from other pages and from the palette, not from the list of ways
 */

/** @type {readonly Way[]} */
export const WAYS = [
  { file: "assistants", word: "shell.assistants", drawing: bell, letter: "a" },
  { file: "dashboard", word: "shell.dashboard", drawing: columns, letter: "b", under: "watching" },
  { file: "conversations", word: "shell.conversations", drawing: talk, letter: "c", under: "watching" },
  { file: "gaps", word: "shell.gaps", drawing: warning, letter: "g", under: "watching" },
  { file: "handovers", word: "shell.handovers", drawing: tray, letter: "h", under: "watching" },
  { file: "sources", word: "shell.sources", drawing: folder, letter: "s", under: "content", also: ["trash"] },
  { file: "trash", word: "shell.trash", drawing: bin, letter: "t", aside: true },
  { file: "jobs", word: "shell.jobs", drawing: steps, letter: "j", under: "content" },
  { file: "people", word: "shell.people", drawing: people, letter: "p", under: "access" },
  { file: "groups", word: "shell.groups", drawing: several, letter: "r", under: "access" },
  { file: "keys", word: "shell.keys", drawing: key, letter: "k", under: "access" },
  { file: "models", word: "shell.models", drawing: chip, letter: "m", under: "server" },
  { file: "doctor", word: "shell.doctor", drawing: pulse, letter: "d", under: "server" },
  { file: "backups", word: "shell.backups", drawing: vault, letter: "v", under: "server" },
  { file: "egress", word: "shell.egress", drawing: leaving, letter: "e", under: "server" },
  { file: "settings", word: "shell.settings", drawing: tune, letter: "o", under: "server" },
  { file: "api", word: "shell.api", drawing: braces, letter: "i", under: "server" },
  { file: "subjects", word: "shell.subjects", drawing: shield, letter: "l", under: "record" },
  { file: "audit", word: "shell.audit", drawing: record, letter: "u", under: "record" },
  { file: "profile", word: "shell.profile", drawing: people, letter: "y", aside: true },
  { file: "second-factor", word: "factor.title", drawing: key, letter: "2", aside: true },
];

/** @returns {Way[]} those that this person may go */
export const ways = () => WAYS.filter(({ file }) => sees(file));

const FEW = 8; // ways that are seen at a glance, without headings

/** @returns {[string, Way[]][]} the list of ways: what each heading is called, "" for none, and those under it */
export function headings() {
  const listed = ways().filter(({ aside }) => !aside);
  if (listed.length <= FEW) return [["", listed]];
  const names = [...new Set(listed.map(({ under }) => under ?? ""))];
  return names.map((name) => [name, listed.filter(({ under }) => (under ?? "") === name)]);
}

/** @param {Way} way @returns {string} */
export const wayTo = (way) => `#/${way.file}`;

/** @param {string[]} path of the address @returns {string} the file of the page whose way is gone here; "" beside them all */
export function here([area, id]) {
  const way = WAYS.find((one) => !one.aside && one.file !== "assistants" && (one.file === area || one.also?.includes(area ?? "")));
  if (way) return way.file;
  return id || WAYS.some((one) => one.aside && one.file === area) ? "" : "assistants";
}
