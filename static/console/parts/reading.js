/**
 * Follows the reading of documents, page by page, through their jobs' events.
 *
 * A browser keeps six connections to a server; a folder of a hundred files
 * must not take them all. Two jobs are followed at a time, the others wait
 * for their turn, as they do on the server.
 */
import { get } from "../../shared/api.js";

/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */

const AT_ONCE = 2;
const ENDED = new Set(["succeeded", "failed", "cancelled"]);

export class Reading {
  /** @type {Map<string, Job>} the latest of each job, by document */
  jobs = new Map();
  /** @type {{ document: string, job: string | null }[]} */
  #waiting = [];
  /** @type {Map<string, EventSource | null>} by document */
  #open = new Map();

  /**
   * @param {() => void} changed a job moved on
   * @param {(document: DocumentRecord) => void} ended a document as it is after its job
   */
  constructor(changed, ended) {
    this.changed = changed;
    this.ended = ended;
  }

  /** @param {string} document @param {string | null} job its job, where it is known */
  follow(document, job) {
    if (this.#open.has(document) || this.#waiting.some((one) => one.document === document)) return;
    this.#waiting.push({ document, job });
    this.#next();
  }

  /** Lets go of every connection. */
  close() {
    this.#waiting = [];
    for (const source of this.#open.values()) source?.close();
    this.#open.clear();
  }

  #next() {
    while (this.#open.size < AT_ONCE) {
      const one = this.#waiting.shift();
      if (!one) return;
      this.#open.set(one.document, null);
      void this.#listen(one.document, one.job);
    }
  }

  /** @param {string} document @param {string | null} job */
  async #listen(document, job) {
    const id = job ?? (await get(`/api/jobs?subject=${encodeURIComponent(document)}`).catch(() => null))?.items[0]?.id;
    if (!this.#open.has(document)) return;
    if (!id) return void this.#settle(document);
    const source = new EventSource(`/api/jobs/${id}/events`);
    this.#open.set(document, source);
    source.addEventListener("job", (event) => {
      const now = JSON.parse(event.data);
      const latest = /** @type {Job} */ (now.job ?? now);
      this.jobs.set(document, latest);
      this.changed();
      if (ENDED.has(latest.state)) void this.#settle(document);
    });
    // The server closes the stream when the job has ended; without this the
    // browser would open it again, for ever.
    source.onerror = () => void this.#settle(document);
  }

  /** @param {string} document */
  async #settle(document) {
    if (!this.#open.has(document)) return;
    this.#open.get(document)?.close();
    const now = await get(`/api/documents/${document}`).catch(() => null);
    this.#open.delete(document);
    if (now) this.ended(now);
    this.#next();
  }
}
