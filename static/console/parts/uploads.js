/** Files on their way into a collection, one after the other: the server reads them in that order too. */
import { upload } from "../../shared/api.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */
/** @typedef {import("./document-row.js").Upload} Upload */

export class Uploads {
  /** Those that are under way or were refused. @type {Upload[]} */
  all = [];
  /** @type {() => void} */
  #changed;
  /** @type {(one: DocumentRecord) => void} */
  #arrived;

  /** @param {() => void} changed @param {(one: DocumentRecord) => void} arrived */
  constructor(changed, arrived) {
    [this.#changed, this.#arrived] = [changed, arrived];
  }

  /** @param {string} collection @param {File[]} files */
  async send(collection, files) {
    const fresh = files.map((file) => ({ file, share: 0, problem: "" }));
    this.all = [...fresh, ...this.all];
    this.#changed();
    for (const one of fresh) await this.#sendOne(collection, one);
  }

  /** @param {string} collection @param {Upload} one */
  async #sendOne(collection, one) {
    const moved = (/** @type {number} */ share) => { one.share = share; this.#changed(); };
    try {
      const { documents } = await upload(`/api/collections/${collection}/documents`, one.file, moved);
      this.dismiss(one);
      documents.forEach(this.#arrived);
    } catch (error) {
      one.problem = /** @type {Error} */ (error).message;
      this.#changed();
    }
  }

  /** @param {Upload} one */
  dismiss(one) {
    this.all = this.all.filter((other) => other !== one);
    this.#changed();
  }
}
