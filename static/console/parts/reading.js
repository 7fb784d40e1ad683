/**
 * Follows the reading of documents, page by page, through the console's one
 * stream of jobs (`jobs/stream.js`): a folder of a hundred files takes one
 * connection of the six that a browser has.
 */
import { get } from "../../shared/api.js";
import { follow } from "../jobs/stream.js";

/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */

const AT_ONCE = 4; // documents looked up at a time

/** @param {DocumentRecord} one @returns {boolean} whether its reading has not ended */
export const unfinished = (one) => one.state !== "ready" && one.state !== "failed";

export class Reading {
  /** @type {Map<string, Job>} the latest of each job, by document */
  jobs = new Map();
  /** @type {Set<string>} the documents that are followed */
  #followed = new Set();
  /** @type {string[]} documents whose job may have ended before anybody listened */
  #unsure = [];
  #looking = 0;
  /** @type {(() => void) | null} */
  #leave = null;

  /**
   * @param {() => void} changed a job moved on
   * @param {(document: DocumentRecord) => void} ended a document as it is after its job
   */
  constructor(changed, ended) {
    this.changed = changed;
    this.ended = ended;
  }

  /** @param {string} document */
  follow(document) {
    if (this.#followed.has(document)) return;
    this.#followed.add(document);
    this.#leave ??= follow((job) => this.#told(job));
    this.#unsure.push(document);
    this.#look();
  }

  /** Lets go of the stream. */
  close() {
    this.#leave?.();
    this.#leave = null;
    this.#unsure = [];
    this.#followed.clear();
  }

  /** @param {Job} job */
  #told(job) {
    if (!this.#followed.has(job.subject)) return;
    this.jobs.set(job.subject, job);
    this.changed();
    if (job.ended_at) void this.#settle(job.subject);
  }

  /** Asks once for each document whose job the stream may not tell any more. */
  #look() {
    while (this.#looking < AT_ONCE) {
      const document = this.#unsure.shift();
      if (!document) return;
      this.#looking += 1;
      void this.#once(document).finally(() => { this.#looking -= 1; this.#look(); });
    }
  }

  /** @param {string} document */
  async #once(document) {
    const found = await get(`/api/jobs?${new URLSearchParams({ subject: document, limit: "1" })}`).catch(() => null);
    if (!this.#followed.has(document)) return;
    if (!found?.items[0]) return this.#settle(document, true);
    const job = /** @type {Job} */ (found.items[0]);
    if (job.ended_at) this.#told(job);
    else if (!this.jobs.get(document)?.started_at) { this.jobs.set(document, job); this.changed(); }
  }

  /** @param {string} document @param {boolean} [jobless] */
  async #settle(document, jobless = false) {
    const now = await get(`/api/documents/${document}`).catch(() => null);
    if (now && !jobless && unfinished(now)) return; // that was an older job of it
    if (!this.#followed.delete(document)) return;
    if (now) this.ended(now);
    if (!this.#followed.size) this.close();
  }
}
