/**
 * Answer text to pieces that a template can draw; never to markup.
 *
 * The server counts characters as Python does (one emoji is one); JavaScript
 * counts UTF-16 units (one emoji is two). Every offset passes through `slice`.
 */

/** @typedef {import("./types").Sentence} Sentence */
/** @typedef {{ text: string, strong: boolean }} Word */
/** @typedef {{ words: Word[], sentence: Sentence | null }} Run */
/** @typedef {{ kind: "paragraph" | "item" | "heading", marker: string, runs: Run[] }} Block */

const BEYOND = /[\ud800-\udbff]/;
const MARKS = /\s*(?:\[\d{1,3}\])+/g;
const STRONG = /\*\*([^*\n]+)\*\*/g;

/**
 * A piece of a text by the server's offsets.
 * @param {string} text
 * @param {number} start @param {number} [end] in characters
 */
export function slice(text, start, end) {
  return BEYOND.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end);
}

/** @param {string} text @returns {number} its length as the server counts it */
export function length(text) {
  return BEYOND.test(text) ? [...text].length : text.length;
}

/** @param {string} text @returns {string} the text without citation marks such as [1] */
export const unmarked = (text) => text.replace(MARKS, "");

/**
 * A sentence in its place among the pieces that came: they have no numbers yet, and the server counts with them.
 * @param {string} text @param {number} from where the one before ends @param {Sentence} one @returns {Sentence}
 */
export function placed(text, from, one) {
  const rest = slice(text, from).replace(/\[[\d, ]+\]/g, (mark) => " ".repeat(mark.length));
  const signs = one.text.replace(/\s/g, "").length;
  const found = new RegExp(`^(\\s*)(\\S(?:\\s*\\S){${signs - 1}})`).exec(rest);
  if (!found) return one;
  const start = from + found[1].length;
  return { ...one, start, end: start + length(found[2]) };
}

/**
 * The text of an answer as runs: checked sentences, and what lies between or
 * after them (not checked yet, or no sentence at all, such as a list mark).
 * @param {string} text
 * @param {readonly Sentence[]} sentences
 * @returns {{ text: string, sentence: Sentence | null }[]}
 */
export function runs(text, sentences) {
  const found = [];
  let at = 0;
  for (const sentence of [...sentences].sort((one, other) => one.start - other.start)) {
    if (sentence.start < at) continue;
    found.push({ text: slice(text, at, sentence.start), sentence: null });
    found.push({ text: slice(text, sentence.start, sentence.end), sentence });
    at = sentence.end;
  }
  found.push({ text: slice(text, at), sentence: null });
  return found;
}

/**
 * The blocks of an answer: paragraphs, list items and headings, by the marks
 * at the start of a line. Anything else a model may write stays plain text.
 * @param {string} text
 * @param {readonly Sentence[]} sentences
 * @returns {Block[]}
 */
export function blocks(text, sentences) {
  /** @type {Block[]} */
  const list = [];
  let fresh = true;
  for (const run of runs(text, sentences)) {
    const lines = unmarked(run.text).split("\n");
    lines.forEach((line, index) => {
      fresh = fresh || index > 0;
      if (!line.trim() && fresh) return;
      const block = fresh ? started(line) : null;
      if (block) list.push(block.block);
      fresh = false;
      const last = list[list.length - 1];
      const words = bold(block ? block.rest : line);
      // Citations stand once, where the sentence ends.
      const ends = index === lines.length - 1 || !lines.slice(index + 1).join("").trim();
      const sentence = run.sentence && !ends ? { ...run.sentence, citations: [] } : run.sentence;
      if (words.length || sentence) last.runs.push({ words, sentence });
    });
  }
  return list.filter((block) => block.runs.length);
}

/** @param {string} line @returns {{ block: Block, rest: string }} */
function started(line) {
  const match = /^\s*(?:([-*•])\s+|(\d{1,3}[.)])\s+|(#{1,6})\s+)?(.*)$/su.exec(line);
  const [, bullet, number, hashes, rest] = match ?? ["", "", "", "", line];
  const kind = bullet || number ? "item" : hashes ? "heading" : "paragraph";
  return { block: { kind, marker: number || (bullet ? "•" : ""), runs: [] }, rest: rest ?? "" };
}

/** @param {string} text @returns {Word[]} */
function bold(text) {
  return text
    .split(STRONG)
    .map((piece, index) => ({ text: piece, strong: index % 2 === 1 }))
    .filter((word) => word.text);
}

/**
 * What a passage says around the places in it that were cited, in pieces; all of it
 * where nothing was. What is left out between two pieces shows as "…".
 * @param {string} text
 * @param {readonly (readonly [number, number])[]} spans relative to the text, in characters
 * @param {number} around characters that stay beside a cited place
 * @returns {{ text: string, cited: boolean }[]}
 */
export function excerpt(text, spans, around = 90) {
  const end = length(text);
  const places = joined(spans.map(([from, to]) => [Math.max(0, from), Math.min(to, end)]));
  /** @type {{ text: string, cited: boolean }[]} */
  const pieces = [];
  let at = 0;
  for (const [from, to] of places) {
    pieces.push({ text: between(slice(text, at, from), at > 0, true, around), cited: false });
    pieces.push({ text: slice(text, from, to), cited: true });
    at = to;
  }
  pieces.push({ text: between(slice(text, at), at > 0, false, around), cited: false });
  return pieces.filter((piece) => piece.text);
}

/** @param {number[][]} spans @returns {number[][]} in order, those that touch made one, empty ones left out */
function joined(spans) {
  /** @type {number[][]} */
  const found = [];
  for (const [from, to] of spans.filter(([from, to]) => from < to).sort((one, other) => one[0] - other[0])) {
    const last = found[found.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

/**
 * A stretch that was not cited: its ends stay, those that lie beside a cited place.
 * @param {string} text @param {boolean} after whether a cited place stands before it
 * @param {boolean} before whether one follows @param {number} around
 */
function between(text, after, before, around) {
  if (length(text) <= around * 2 || !(after || before)) return text;
  const head = after ? slice(text, 0, around).replace(/\s*\S*$/u, "") : "";
  const tail = before ? slice(text, length(text) - around).replace(/^\S*\s*/u, "") : "";
  return `${head} … ${tail}`;
}

/**
 * An answer as plain text with its sources, for the clipboard.
 * @param {import("./types").Answer} answer
 * @param {(citation: import("./types").Citation) => string} source how a source is called
 */
export function withSources(answer, source) {
  const notes = answer.citations.map((citation) => `[${citation.n}] ${source(citation)}: “${citation.quote}”`);
  return notes.length ? `${answer.answer}\n\n${notes.join("\n")}\n` : `${answer.answer}\n`;
}
