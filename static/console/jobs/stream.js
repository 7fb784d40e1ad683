/**
 * All the work there is, in one stream for the whole console.
 *
 * A browser keeps six connections to a server, so the parts that follow some
 * work share one: it opens with the first who listens and closes with the last.
 * It also tells how the language model stands, whose loading is nobody's job.
 * When it breaks it is opened again, later each time, from where it was.
 */
/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {(job: Job) => void} Listener */
/** @typedef {{ name: string, state: string }} Standing of the language model; "none" until something else is told */

const FIRST_MS = 1_000, LAST_MS = 30_000;

/** @type {Set<Listener>} */
const listeners = new Set();
/** @type {Set<(id: string) => void>} */
const mourners = new Set();
/** @type {Set<(standing: Standing) => void>} */
const keepers = new Set();
/** @type {Standing | null} */
let stands = null;
/** @type {Map<string, Job>} what was told of each job that has not ended */
const live = new Map();
/** @type {EventSource | null} */
let source = null;
let heard = "", rest = FIRST_MS;
/** @type {number | undefined} */
let timer;

/**
 * Tells each job that waits or runs, and every change from now on.
 * @param {Listener} changed
 * @param {(id: string) => void} [gone] a job is no longer to be told: erased, or out of reach
 * @param {(standing: Standing) => void} [model] the language model stands so
 * @returns {() => void} ends it
 */
export function follow(changed, gone = () => {}, model = () => {}) {
  listeners.add(changed);
  mourners.add(gone);
  keepers.add(model);
  if (!source && timer === undefined) open();
  else {
    for (const job of live.values()) changed(job);
    if (stands) model(stands);
  }
  return () => {
    listeners.delete(changed);
    mourners.delete(gone);
    keepers.delete(model);
    if (!listeners.size) close();
  };
}

/** @param {number} before the rest before the last try @returns {number} the next one, in milliseconds */
export const longer = (before) => Math.min(before * 2, LAST_MS);

function open() {
  timer = undefined;
  const now = new EventSource(`/api/jobs/events?${new URLSearchParams({ after: heard })}`);
  source = now;
  now.addEventListener("jobs", (event) => { note(event); snapshot(JSON.parse(event.data).items); });
  now.addEventListener("job", (event) => { note(event); tell(JSON.parse(event.data)); });
  now.addEventListener("gone", (event) => { note(event); leave(JSON.parse(event.data).id); });
  now.addEventListener("language_model", (event) => { note(event); standing(JSON.parse(event.data)); });
  now.addEventListener("problem", again); // the session may be over; what is asked next says so
  // A browser comes back by itself, but not when it was refused.
  now.onerror = () => { if (now.readyState === EventSource.CLOSED) again(); };
}

/** @param {MessageEvent} event */
function note(event) {
  heard = event.lastEventId;
  rest = FIRST_MS;
}

/** @param {Job[]} jobs */
function snapshot(jobs) {
  live.clear(); // what ended while nobody listened is among them
  jobs.forEach(tell);
}

/** @param {Job} job */
function tell(job) {
  if (job.ended_at) live.delete(job.id);
  else live.set(job.id, job);
  for (const listener of [...listeners]) listener(job);
}

/** @param {string} id */
function leave(id) {
  live.delete(id);
  for (const mourner of [...mourners]) mourner(id);
}

/** @param {Standing} told */
function standing(told) {
  stands = told;
  for (const keeper of [...keepers]) keeper(told);
}

function again() {
  source?.close();
  source = null;
  clearTimeout(timer);
  timer = window.setTimeout(open, rest);
  rest = longer(rest);
}

function close() {
  source?.close();
  source = null;
  clearTimeout(timer);
  timer = undefined;
  live.clear();
  stands = null;
  [heard, rest] = ["", FIRST_MS];
}
