/** What a page's notes say to whoever reads a citation; the rest is the reading report's. */
import { html, nothing } from "../lit.js";
import { t } from "../words.js";

/** @param {{ notes: string[] }} page */
export function notesOf({ notes }) {
  const said = notes.map((note) => [`note.${note}`, t(`note.${note}`)]).filter(([key, words]) => words !== key);
  return said.length ? html`<p class="notes">${said.map(([, words]) => words).join(" · ")}</p>` : nothing;
}
