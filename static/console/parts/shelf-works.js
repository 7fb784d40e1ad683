/** What can be done to several documents of a collection at once. */
import { request } from "../../shared/api.js";
import { t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */
/** @typedef {import("../bulk/together.js").Work<DocumentRecord>} Work */
/** @typedef {(one: DocumentRecord) => void} Told */

const name = (/** @type {DocumentRecord} */ one) => one.title;

/** @param {DocumentRecord} one @param {Told} queued told when it waits to be read */
export async function readAgain(one, queued) {
  await request("POST", `/api/documents/${one.id}/read-again`);
  queued(one);
}

/** @param {Told} queued @returns {Work} */
export const readingAgain = (queued) => ({ name, act: (one) => readAgain(one, queued), said: (count) => t("bulk.isAgain", { count }) });

/** Into the trash, and out of it again. @param {Told} gone @param {Told} queued @returns {Work} */
export const trashing = (gone, queued) => ({
  name,
  act: async (one) => { await request("DELETE", `/api/documents/${one.id}?trash=true`); gone(one); },
  said: (count) => t("bulk.trashed", { count }),
  back: async (one) => { await request("POST", `/api/documents/${one.id}/restore`); queued(one); },
  undone: (count) => t("bulk.restored", { count }),
});
