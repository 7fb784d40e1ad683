/** Backups: whether the last one was proven, those that there are, the routine, and the way back. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { listing } from "../backups/listing.js";
import { changes, routine } from "../backups/routine.js";
import { amount, kind } from "../jobs/saying.js";
import { follow } from "../jobs/stream.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import "../parts/copyable.js";

/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {import("../backups/listing.js").Backup} Backup */
/** @typedef {import("../backups/routine.js").Routine} Routine */
/** @typedef {{ items: Backup[], next: string | null, last_verified: Backup | null, state: "verified" | "old" | "none", problem: { detail: string } | null, job: Job | null, routine: Routine }} Told */

const KINDS = ["backup", "verify"];
const LIGHTS = { verified: "ready", old: "wanting", none: "failed" };

class BackupsPage extends Page {
  /** @type {Told | null} */
  #told = null;
  /** @type {Map<string, Job>} what waits or runs, by its id */
  #live = new Map();
  #said = "";
  #leave = () => {};

  opened() {
    super.opened();
    this.#leave = follow((job) => this.#heard(job));
  }

  closed() {
    this.#leave();
  }

  arrived() {
    void this.trying(() => this.#look());
  }

  async #look() {
    const told = /** @type {Told} */ (await get("/api/backups"));
    if (told.job) this.#live.set(told.job.id, told.job);
    this.#told = told;
  }

  async #more() {
    const told = this.#told;
    if (!told?.next) return;
    const further = await get(`/api/backups?${new URLSearchParams({ cursor: told.next })}`);
    this.#told = { ...told, items: [...told.items, ...further.items], next: further.next };
  }

  /** @param {Job} job */
  #heard(job) {
    if (!KINDS.includes(job.kind)) return;
    if (!job.ended_at) this.#live.set(job.id, job);
    else if (this.#live.delete(job.id)) void this.trying(() => this.#look()).then(() => this.#tell(job));
    this.changed();
  }

  /** How a job ended that was seen here. @param {Job} job */
  #tell(job) {
    this.#said = job.state === "failed" ? "" : t(`backups.ended.${job.kind}.${job.state}`);
    if (job.state === "failed") this.problem = job.problem?.detail ?? "";
    this.changed();
  }

  /** @param {string} address */
  #order(address) {
    this.#said = "";
    void this.trying(async () => {
      const { job } = await request("POST", address);
      this.#live.set(job.id, job);
    });
  }

  /** @param {Job} job */
  #cancel(job) {
    void this.trying(async () => { await request("POST", `/api/jobs/${job.id}/cancel`); });
  }

  /** @param {SubmitEvent} event @param {Routine} kept */
  async #save(event, kept) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const changed = changes(kept, new FormData(form));
    const asked = { title: t("backups.phrase.title"), body: t("backups.phrase.body"), action: t("backups.phrase.action") };
    if (changed.passphrase && !(await confirmed(asked))) return;
    this.#said = "";
    await this.trying(async () => {
      if (Object.keys(changed).length) {
        await request("PATCH", "/api/backups", changed);
        await this.#look();
      }
      this.#said = t("backups.saved");
    });
    const typed = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=passphrase]"));
    if (typed && !this.problem) typed.value = "";
  }

  template() {
    document.title = `${t("shell.backups")} – Balcão`;
    return html`<div class="page backups">
      <header class="head"><div><h1>${t("shell.backups")}</h1><p class="lead">${t("backups.lead")}</p></div></header>
      ${this.problemLine}
      <p class="hint" role="status">${this.#said}</p>
      ${this.#told ? this.#sections(this.#told) : this.problem ? nothing : html`<p class="pulse" role="status">${t("backups.loading")}</p>`}
    </div>`;
  }

  /** @param {Told} told */
  #sections(told) {
    return html`${this.#standing(told)}
      <section aria-labelledby="backups-list"><h2 id="backups-list">${t("backups.list")}</h2>
        ${told.items.length ? listing(told.items, (one) => this.#order(`/api/backups/${one.id}/verify`)) : html`<p class="note">${t("backups.none")}</p>`}
        ${told.next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#more())}>${t("jobs.more")}</button></div>` : nothing}</section>
      ${routine(told.routine, (event) => void this.#save(event, told.routine))}
      ${this.#wayBack(told)}`;
  }

  /** @param {Told} told */
  #standing({ state, problem, last_verified: last, routine: kept }) {
    const busy = [...this.#live.values()].some((job) => job.kind === "backup");
    return html`<section class="note standing-now" aria-labelledby="backups-now">
      <h2 id="backups-now">${t("backups.now")}</h2>
      <p class="light ${LIGHTS[state]}">${last ? t("backups.last", { date: date(last.made_at, true) }) : t("backups.never")}</p>
      ${problem ? html`<p>${problem.detail}</p>` : nothing}
      <p class="facts"><span>${kept.next_at ? t("backups.next", { date: date(kept.next_at, true) }) : t("backups.nextNone")}</span><span class="address">${kept.place}</span></p>
      ${this.#live.size ? html`<ul class="work" aria-label=${t("backups.going")}>${[...this.#live.values()].map((job) => this.#row(job))}</ul>` : nothing}
      <div class="row"><button type="button" class="primary" ?disabled=${busy || !kept.passphrase} @click=${() => this.#order("/api/backups")}>${t("backups.make")}</button>
        ${kept.passphrase ? nothing : html`<span class="hint">${t("backups.makeNot")}</span>`}</div>
    </section>`;
  }

  /** @param {Job} job */
  #row(job) {
    const how = amount(job);
    return html`<li>
      <div class="what"><p><strong>${kind(job)}</strong></p>
        <p class="sub"><span class="light ${job.state === "running" ? "reading" : "wanting"}">${t(`jobs.is.${job.state}`)}</span>${how ? ` · ${how}` : ""}</p></div>
      <button type="button" class="small" aria-label=${t("jobs.cancelNamed", { name: kind(job) })} @click=${() => this.#cancel(job)}>${t("jobs.cancel")}</button>
      ${job.state === "running" && job.total ? html`<progress max=${job.total} value=${job.done} aria-label=${kind(job)}></progress>` : nothing}
      ${job.problem ? html`<p class="why">${job.problem.detail}</p>` : nothing}
    </li>`;
  }

  /** @param {Told} told */
  #wayBack({ last_verified: last }) {
    return html`<section aria-labelledby="backups-back"><h2 id="backups-back">${t("backups.back")}</h2>
      <p>${t("backups.back.how")}</p>
      <balcao-copyable .text=${`appliance restore ${last?.file ?? t("backups.back.file")} --aside`} .label=${t("backups.back.copy")}></balcao-copyable>
      <p class="hint">${t("backups.back.drill")}</p></section>`;
  }
}

define("page-backups", BackupsPage);
