/** Sources in plain words: how one stands, what a run did, when the next one is. */
import { date, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Grievance} Grievance */
/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {"page" | "site" | "folder"} Kind */
/** @typedef {"add" | "change" | "remove" | "rename" | "fail"} Act */

/**
 * @typedef {object} Run
 * @property {string} id
 * @property {"queued" | "running" | "done" | "held" | "rejected" | "failed" | "cancelled"} state
 * @property {boolean} dry_run
 * @property {number} added
 * @property {number} changed
 * @property {number} removed
 * @property {number} renamed
 * @property {number} unchanged
 * @property {number} failed
 * @property {Grievance | null} problem
 * @property {string} created_at
 * @property {string | null} ended_at
 */

/**
 * @typedef {object} Source
 * @property {string} id
 * @property {string} collection
 * @property {Kind} kind
 * @property {string | null} address
 * @property {string | null} path
 * @property {string} schedule
 * @property {string[]} include
 * @property {string[]} exclude
 * @property {number} depth
 * @property {number} pages
 * @property {string | null} due_at
 * @property {"new" | "queued" | "running" | "idle" | "held" | "failed"} state
 * @property {number} entries
 * @property {Run | null} last_run
 * @property {Job | null} job
 */

/**
 * @typedef {object} Line
 * @property {Act} act
 * @property {string} key
 * @property {string} name
 * @property {string | null} former
 * @property {boolean} planned
 * @property {string | null} document
 * @property {Grievance | null} problem
 */

/** @type {Record<Source["state"], string>} */
export const LIGHTS = { new: "queued", queued: "reading", running: "reading", idle: "ready", held: "failed", failed: "failed" };

const COUNTS = /** @type {const} */ (["added", "changed", "removed", "renamed", "failed"]);

/** @param {Source} one @returns {string} where it is */
export const place = (one) => one.path ?? one.address ?? "";

/** @param {Source} one */
export const busy = (one) => one.state === "queued" || one.state === "running";

/** Whether its counts are of what it would have done. @param {Run} run */
const planned = (run) => run.dry_run || run.state === "held" || run.state === "rejected";

/** @param {Run} run @param {typeof COUNTS[number]} name @returns {string} "12 novos", or "12 viriam" */
export const count = (run, name) => t(`sources.${planned(run) ? "planned" : "count"}.${name}`, { count: run[name] });

/** @param {Run} run @returns {string} "12 novos, 3 alterados" */
export function counted(run) {
  const said = COUNTS.filter((name) => run[name]).map((name) => count(run, name));
  return said.join(", ") || t("sources.nothing");
}

/** @param {string} schedule @returns {string} "Todo dia às 03:00" */
export function when(schedule) {
  const { every, day, at } = parts(schedule);
  return t(`sources.when.${every}`, { at, day: t(`sources.day.${day}`) });
}

/** @param {string} schedule as the server writes it, "weekly mon 03:00" */
export function parts(schedule) {
  const [every, ...rest] = schedule.split(" ");
  const at = rest.at(-1) ?? "03:00";
  return { every, day: rest.length > 1 ? rest[0] : "mon", at };
}

/** @param {Record<string, string>} given the form's answers @returns {string} */
export function schedule({ every, day, at }) {
  if (every === "daily") return `daily ${at}`;
  return every === "weekly" ? `weekly ${day} ${at}` : every;
}

/** @param {Run} run @returns {string} what came of it, for the list of runs */
export function outcome(run) {
  const state = run.state === "done" ? "" : t(`sources.ran.${run.state}`);
  const told = ["done", "held", "rejected"].includes(run.state) ? counted(run) : "";
  return [state, told].filter(Boolean).join(": ");
}

/** @param {Run} run */
export const moment = (run) => date(run.ended_at ?? run.created_at, true);
