/** The words of a page that were cited, between those before and after. */
import { length, slice } from "./text.js";

/**
 * A text in three: before, marked, after.
 * @param {string} text
 * @param {number | null} start @param {number | null} end relative to the text, in characters
 * @returns {[string, string, string]}
 */
export function marked(text, start, end) {
  if (start === null || end === null || end <= 0 || start >= length(text)) return [text, "", ""];
  const from = Math.max(0, start);
  return [slice(text, 0, from), slice(text, from, end), slice(text, end)];
}
