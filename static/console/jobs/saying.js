/** A job in words: what it does, how far it is, which light it has. */
import { size, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Job} Job */

const KINDS = ["ingest", "sync", "upkeep", "reembed", "discard", "pull", "import", "check", "mail", "egress", "erase", "golden", "backup", "verify", "form_mail", "form_hook"];
const UNITS = ["pages", "chunks", "files", "questions", "steps"];
/** @type {Record<string, string>} */
const LIGHTS = { queued: "wanting", running: "reading", succeeded: "ready", failed: "failed", cancelled: "" };

/** @param {Job} job @returns {string} what it does */
export const kind = (job) => (KINDS.includes(job.kind) ? t(`jobs.kind.${job.kind}`) : t("jobs.kind.other"));

/** @param {Job} job @returns {string} the class of its light */
export const light = (job) => LIGHTS[job.state] ?? "";

/** @param {Job} job @returns {string} how far it is, in what it counts; "" where it counts nothing */
export function amount({ done, total, unit, state }) {
  if (state === "queued" || (!total && !done)) return "";
  if (unit === "bytes") return t("jobs.of", { done: size(done), total: size(total || done) });
  const what = t(`jobs.unit.${UNITS.includes(unit) ? unit : "other"}`, { count: total || done });
  return total ? t("jobs.ofWhat", { done, total, what }) : t("jobs.what", { done, what });
}
