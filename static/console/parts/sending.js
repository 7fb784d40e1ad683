/**
 * Model files on their way from this computer, piece by piece.
 *
 * They live beside the pages: whoever looks at another page meanwhile stops nothing. A
 * reload does; then the same file goes on where it was, because the server keeps what came.
 */
import { ask, Problem, request } from "../../shared/api.js";
import { t } from "../../shared/words.js";

/** @typedef {{ file: string, size: number, done: number, piece_bytes: number, overlap_bytes: number }} Upload */
/** @typedef {{ name: string, done: number, size: number, problem: string, stop: AbortController }} Sending */

const REST_MS = [1000, 3000, 10000]; // after a piece that did not arrive

/** @type {Map<string, Sending>} by the model's name */
const underway = new Map();
/** @type {() => void} */
let changed = () => {};

/** @param {() => void} redraw whom to tell of every step */
export const watchSending = (redraw) => { changed = redraw; };

/** @param {string} model */
export const sending = (model) => underway.get(model);

/**
 * Sends a file as that of a model; ends when the server has it, or has refused it.
 * @param {string} model
 * @param {File} file
 */
export async function send(model, file) {
  const one = { name: file.name, done: 0, size: file.size, problem: "", stop: new AbortController() };
  underway.set(model, one);
  changed();
  try {
    const offer = { file: file.name, size: file.size, modified: file.lastModified };
    const { upload } = await request("POST", `/api/models/${model}/upload`, offer);
    await pieces(model, file, upload, one);
    underway.delete(model);
  } catch (error) {
    // Stopped: what came stays on the server, and the page says how much.
    if (one.stop.signal.aborted) underway.delete(model);
    else one.problem = error instanceof Problem ? error.message : t("problem.unexpected");
    if (!(error instanceof Problem) && !one.stop.signal.aborted) reportError(error);
  }
  changed();
}

/** @param {string} model @param {File} file @param {Upload} upload @param {Sending} one */
async function pieces(model, file, upload, one) {
  let at = Math.max(0, upload.done - upload.overlap_bytes);
  do {
    one.done = at;
    changed();
    const piece = file.slice(at, at + upload.piece_bytes);
    await patiently(`/api/models/${model}/upload?offset=${at}`, piece, one.stop.signal);
    at += piece.size;
  } while (at < file.size);
}

/** A line that is cut for a moment is tried again. @param {string} path @param {Blob} piece @param {AbortSignal} signal */
async function patiently(path, piece, signal) {
  for (const rest of [...REST_MS, null]) {
    try {
      return await ask("PUT", path, { bytes: piece, signal });
    } catch (error) {
      if (rest === null || !(error instanceof Problem) || error.status !== 0) throw error;
      await new Promise((resolve) => { setTimeout(resolve, rest); });
      signal.throwIfAborted();
    }
  }
}

/** @param {string} model */
export function forgetSending(model) {
  underway.get(model)?.stop.abort();
  underway.delete(model);
  changed();
}

/** Asks before a reload or a closed window ends what is on its way. */
window.addEventListener("beforeunload", (event) => {
  if ([...underway.values()].some((one) => !one.problem)) event.preventDefault();
});
