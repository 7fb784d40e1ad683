/** What there is to say about a page: its text in pieces, how sure the reading is, its notes. */
import { length, slice } from "../../shared/text.js";
import { percent, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").PageRecord} PageRecord */
/** @typedef {{ text: string, cited: boolean, doubtful: boolean }} Piece */

const SURE = 0.9;
const FAIR = 0.75; // below, the server says that the page needs a look

/**
 * A page's text in pieces: words that OCR was unsure of, and what a citation marks.
 * @param {string} text
 * @param {readonly (readonly [number, number])[]} doubtful in characters of the text
 * @param {readonly [number, number] | null} cited
 * @returns {Piece[]}
 */
export function pieces(text, doubtful, cited) {
  const spans = [...doubtful, ...(cited ? [cited] : [])];
  const cuts = new Set([0, length(text)]);
  for (const at of spans.flat()) if (at > 0 && at < length(text)) cuts.add(at);
  const places = [...cuts].sort((one, other) => one - other);
  const within = (/** @type {number} */ at, /** @type {readonly [number, number]} */ [from, to]) => from <= at && at < to;
  return places.slice(0, -1).map((at, index) => ({
    text: slice(text, at, places[index + 1]),
    cited: cited !== null && within(at, cited),
    doubtful: doubtful.some((span) => within(at, span)),
  }));
}

/** @param {PageRecord} page how it was read, and how sure that is, in words and a figure */
export function reading(page) {
  if (page.how !== "ocr" || page.confidence === null) return t(`how.${page.how}`);
  const sure = page.confidence >= SURE ? "sure" : page.confidence >= FAIR ? "fair" : "poor";
  return t(`reads.${sure}`, { share: percent(page.confidence) });
}

/** @param {readonly string[]} notes @returns {string[]} each as a sentence */
export const sentences = (notes) => notes.map((note) => {
  const said = t(`note.${note}`);
  return said === `note.${note}` ? t("note.other", { note }) : said;
});

/**
 * "12 páginas: 9 digitais, 2 por OCR, 1 ilegível".
 * @param {import("../../shared/types").Summary} summary
 */
export function summed(summary) {
  const parts = ["digital", "ocr", "unreadable"]
    .map((how) => ({ how, count: summary[/** @type {"digital" | "ocr" | "unreadable"} */ (how)] }))
    .filter((part) => part.count)
    .map((part) => t(`sum.${part.how}`, { count: part.count }));
  const pages = t("documents.pages", { count: summary.pages });
  return parts.length ? `${pages}: ${parts.join(", ")}` : pages;
}
