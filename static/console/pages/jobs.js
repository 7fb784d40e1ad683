/** The jobs: everything that is done later, as it goes on; each can be cancelled, or tried again. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { amount, kind, light } from "../jobs/saying.js";
import { follow } from "../jobs/stream.js";
import { Page } from "../page.js";

/** @typedef {import("../../shared/types").Job} Job */

const STATES = ["", "running", "queued", "succeeded", "failed", "cancelled"];
const AT_ONCE = 50;

class JobsPage extends Page {
  /** @type {Job[] | null} */
  #items = null;
  /** @type {string | null} */
  #next = null;
  #state = "";
  #said = "";
  /** @type {string | null} why nothing moves on */
  #still = null;
  #leave = () => {};

  opened() {
    super.opened();
    this.#leave = follow((job) => this.#told(job), (id) => this.#gone(id));
  }

  closed() {
    this.#leave();
  }

  arrived() {
    void this.trying(() => this.#load(""));
    void get("/api/system").then((system) => { this.#still = system.work?.reason ?? null; this.changed(); }, () => {});
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const state = this.#state;
    const told = await get(`/api/jobs?${new URLSearchParams({ ...(state && { state }), cursor, limit: String(AT_ONCE) })}`);
    if (state !== this.#state) return; // others are looked for by now
    this.#items = cursor ? [...(this.#items ?? []), ...told.items] : told.items;
    this.#next = told.next;
  }

  /** @param {string} state */
  #show(state) {
    [this.#state, this.#items, this.#next, this.#said] = [state, null, null, ""];
    void this.trying(() => this.#load(""));
  }

  /** A job moved on: it stays where it stands; a new one of the kind looked for comes first. @param {Job} job */
  #told(job) {
    if (!this.#items) return;
    if (this.#items.some((one) => one.id === job.id)) this.#put(job);
    else if (this.#wanted(job)) this.#items = [job, ...this.#items].sort((one, other) => (one.id < other.id ? 1 : -1));
    this.changed();
  }

  /** Whether a job that is not in the list belongs there; an older one comes with its page. @param {Job} job */
  #wanted(job) {
    const last = this.#items?.at(-1);
    return (!this.#state || job.state === this.#state) && (!this.#next || !last || job.id > last.id);
  }

  /** @param {string} id */
  #gone(id) {
    this.#items = this.#items?.filter((one) => one.id !== id) ?? null;
    this.changed();
  }

  /** @param {Job} job */
  #put(job) {
    this.#items = (this.#items ?? []).map((one) => (one.id === job.id ? { about: one.about, ...job } : one));
  }

  /** @param {Job} job @param {"cancel" | "retry"} act */
  #order(job, act) {
    this.#said = "";
    void this.trying(async () => {
      const told = await request("POST", `/api/jobs/${job.id}/${act}`);
      this.#put(told.job ?? told);
      this.#said = t(`jobs.said.${act}`, { name: named(job) });
    });
  }

  template() {
    document.title = `${t("shell.jobs")} – Balcão`;
    return html`<div class="page narrow jobs">
      <header class="head"><div><h1>${t("shell.jobs")}</h1><p class="lead">${t("jobs.lead")}</p></div></header>
      <div class="row states" role="group" aria-label=${t("jobs.states")}>${STATES.map((state) => html`
        <button type="button" class="small" aria-pressed=${String(state === this.#state)} @click=${() => this.#show(state)}>${t(`jobs.state.${state || "all"}`)}</button>`)}</div>
      ${this.problemLine}
      ${this.#still ? html`<p class="problem" role="status"><span>${this.#still}</span></p>` : nothing}
      <p class="hint" role="status">${this.#said}</p>
      ${this.#list()}
      ${this.#next ? html`<div><button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("jobs.more")}</button></div>` : nothing}
    </div>`;
  }

  #list() {
    if (!this.#items) return this.problem ? nothing : html`<p class="pulse" role="status">${t("jobs.loading")}</p>`;
    if (!this.#items.length) return html`<p class="note">${t(`jobs.none.${this.#state || "all"}`)}</p>`;
    return html`<ul class="work" aria-label=${t("shell.jobs")}>${this.#items.map((job) => this.#row(job))}</ul>`;
  }

  /** @param {Job} job */
  #row(job) {
    const how = amount(job);
    return html`<li>
      <div class="what"><p><strong>${kind(job)}</strong>${job.about ? html` <span class="about">${job.about}</span>` : nothing}</p>
        <p class="sub"><span class="light ${light(job)}">${t(`jobs.is.${job.state}`)}</span>${how ? ` · ${how}` : ""} · ${date(job.ended_at ?? job.started_at ?? job.created_at, true)}</p></div>
      ${this.#ways(job)}
      ${job.state === "running" && job.total ? html`<progress max=${job.total} value=${job.done} aria-label=${named(job)}></progress>` : nothing}
      ${job.problem ? html`<p class="why ${job.state === "failed" ? "bad" : ""}">${job.problem.detail}</p>` : nothing}
    </li>`;
  }

  /** @param {Job} job */
  #ways(job) {
    if (["queued", "running"].includes(job.state)) return this.#way(job, "cancel");
    return ["failed", "cancelled"].includes(job.state) ? this.#way(job, "retry") : nothing;
  }

  /** @param {Job} job @param {"cancel" | "retry"} act */
  #way(job, act) {
    return html`<button type="button" class="small" aria-label=${t(`jobs.${act}Named`, { name: named(job) })} @click=${() => this.#order(job, act)}>${t(`jobs.${act}`)}</button>`;
  }
}

/** @param {Job} job @returns {string} for those who hear and do not see what stands beside */
const named = (job) => (job.about ? `${kind(job)} ${job.about}` : kind(job));

define("page-jobs", JobsPage);
