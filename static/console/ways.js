/**
 * The ways through the console: each page that has an address of its own, what it is called, how it is
 * drawn, and the letter that leads there after "g". Whom a page is for, `session.js` knows alone.
 */
import { bell, bin, braces, chip, columns, folder, key, leaving, people, pulse, record, several, shield, steps, talk, tune, vault, warning } from "./parts/drawings.js";
import { sees } from "./session.js";

/**
 * @typedef {object} Way
 * @property {string} file of the page
 * @property {string} word what it is called
 * @property {() => unknown} drawing
 * @property {string} letter after "g"
 * @property {string[]} [also] other areas that lie behind it
 * @property {boolean} [aside] reached from other pages and from the palette, not from the list of ways
 */

/** @type {readonly Way[]} */
export const WAYS = [
  { file: "assistants", word: "shell.assistants", drawing: bell, letter: "a" },
  { file: "dashboard", word: "shell.dashboard", drawing: columns, letter: "b" },
  { file: "conversations", word: "shell.conversations", drawing: talk, letter: "c" },
  { file: "gaps", word: "shell.gaps", drawing: warning, letter: "g" },
  { file: "handovers", word: "shell.handovers", drawing: talk, letter: "h" },
  { file: "sources", word: "shell.sources", drawing: folder, letter: "s", also: ["trash"] },
  { file: "trash", word: "shell.trash", drawing: bin, letter: "t", aside: true },
  { file: "jobs", word: "shell.jobs", drawing: steps, letter: "j" },
  { file: "people", word: "shell.people", drawing: people, letter: "p" },
  { file: "groups", word: "shell.groups", drawing: several, letter: "r" },
  { file: "keys", word: "shell.keys", drawing: key, letter: "k" },
  { file: "models", word: "shell.models", drawing: chip, letter: "m" },
  { file: "doctor", word: "shell.doctor", drawing: pulse, letter: "d" },
  { file: "backups", word: "shell.backups", drawing: vault, letter: "v" },
  { file: "egress", word: "shell.egress", drawing: leaving, letter: "e" },
  { file: "subjects", word: "shell.subjects", drawing: shield, letter: "l" },
  { file: "settings", word: "shell.settings", drawing: tune, letter: "o" },
  { file: "api", word: "shell.api", drawing: braces, letter: "i" },
  { file: "audit", word: "shell.audit", drawing: record, letter: "u" },
  { file: "profile", word: "shell.profile", drawing: people, letter: "y", aside: true },
  { file: "second-factor", word: "factor.title", drawing: key, letter: "2", aside: true },
];

/** @returns {Way[]} those that this person may go */
export const ways = () => WAYS.filter(({ file }) => sees(file));

/** @param {Way} way @returns {string} */
export const wayTo = (way) => `#/${way.file}`;

/** @param {string[]} path of the address @returns {string} the file of the page whose way is gone here; "" beside them all */
export function here([area, id]) {
  const way = WAYS.find((one) => !one.aside && one.file !== "assistants" && (one.file === area || one.also?.includes(area ?? "")));
  if (way) return way.file;
  return id || WAYS.some((one) => one.aside && one.file === area) ? "" : "assistants";
}
