/** Golden questions of an assistant: a traffic light, what changed since the last run, each question with its verdict. */
import { all, ask, get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { confirmed } from "../parts/confirm.js";
import { changes } from "./changes.js";
import { asked } from "./form.js";
import "./gate.js";
import { table } from "./table.js";

/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {{ id: string, question: string, document: string, page: number | null, phrases: string[], must_refuse: boolean }} Golden */
/** @typedef {{ question: string, text: string, state: string, rank: number | null, passages: number, page_hit: boolean | null, phrases_found: string[], phrases_missing: string[], failing: string[], passed: boolean, passed_before: boolean | null }} Result */
/** @typedef {{ id: string, changes: import("./changes.js").Change[], results: Result[], passed: number, failed: number, ended_at: string }} Run */

class QualityPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {Golden[] | null} */
  #questions = null;
  /** @type {Run | null} */
  #run = null;
  /** @type {Job | null} */
  #job = null;
  /** @type {string[]} */
  #titles = [];
  /** @type {() => void} */
  #leave = () => {};
  #over = ""; // the run that ended last: it may be told again
  #said = "";
  #problem = "";

  opened() {
    void this.#trying(() => this.#load());
    this.#leave = follow((job) => this.#told(job));
  }

  closed() {
    this.#leave();
  }

  get #mine() {
    return `assistant=${this.assistant?.id}`;
  }

  async #load() {
    this.#questions = await all(`/api/golden?${this.#mine}`);
    await this.#latest();
    const lists = await Promise.all((this.assistant?.collections ?? []).map((id) => get(`/api/collections/${id}/documents?limit=200`)));
    this.#titles = [...new Set(lists.flatMap((list) => list.items.map((/** @type {{ title: string }} */ one) => one.title)))];
    this.changed();
  }

  async #latest() {
    const before = this.#run?.id;
    this.#run = (await get(`/api/golden/runs?${this.#mine}&limit=1`)).items[0] ?? null;
    if (before !== this.#run?.id) this.changed();
  }

  /** A run moved on, whoever began it. @param {Job} job */
  #told(job) {
    if (job.kind !== "golden" || job.subject !== this.assistant?.id || job.id === this.#over) return;
    this.#job = job;
    this.changed();
    if (job.ended_at) void this.#trying(() => this.#ended());
  }

  async #ended() {
    this.#over = this.#job?.id ?? "";
    const failed = this.#job?.state === "failed" ? this.#job.problem?.detail : "";
    this.#job = null;
    await this.#latest();
    if (failed) this.#problem = failed;
  }

  /** @param {() => Promise<unknown>} work @param {string} [said] what to say once it is done */
  async #trying(work, said = "") {
    this.#said = this.#problem = "";
    try {
      await work();
      this.#said = said;
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  async #again() {
    const { job } = await request("POST", "/api/golden/runs", { assistant: this.assistant?.id });
    this.#told(job);
  }

  /** @param {Golden | null} one the question to change, or none for a new one */
  async #edit(one) {
    const given = await asked(one, this.#titles);
    if (!given) return;
    await this.#trying(async () => {
      if (one) await request("PATCH", `/api/golden/${one.id}`, given);
      else await request("POST", "/api/golden", { assistant: this.assistant?.id, ...given });
      this.#questions = await all(`/api/golden?${this.#mine}`);
    }, t("golden.saved"));
  }

  /** @param {Golden} one */
  async #remove(one) {
    const body = t("golden.removeBody", { question: one.question });
    if (!(await confirmed({ title: t("golden.removeTitle"), body, action: t("golden.remove") }))) return;
    await this.#trying(async () => {
      await request("DELETE", `/api/golden/${one.id}`);
      this.#questions = (this.#questions ?? []).filter((other) => other !== one);
    });
  }

  async #export() {
    const sent = await ask("GET", `/api/golden/export?${this.#mine}`, { accept: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await sent.blob());
    link.download = `${this.assistant?.slug}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /** @param {Event} event */
  #import(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    let said = "";
    void this.#trying(async () => {
      const { added, changed } = await request("POST", "/api/golden/import", { assistant: this.assistant?.id, csv: await file.text() });
      this.#questions = await all(`/api/golden?${this.#mine}`);
      said = t("golden.imported", { added, changed });
    }).then(() => { this.#said = said; this.changed(); });
  }

  template() {
    const questions = this.#questions;
    return html`<section aria-labelledby="golden-title">
      <header class="head"><div><h2 id="golden-title">${t("golden.title")}</h2><p class="lead">${t("golden.lead")}</p></div></header>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${questions ? this.#body(questions) : this.#problem ? nothing : html`<p class="pulse" role="status">${t("golden.loading")}</p>`}
    </section>`;
  }

  /** @param {Golden[]} questions */
  #body(questions) {
    return html`${questions.length ? this.#standing(questions) : nothing}
      ${questions.length ? table(questions, this.#run, this.assistant?.id ?? "", { edit: (one) => void this.#edit(one), remove: (one) => void this.#remove(one) })
        : html`<div class="leaf"><h3>${t("golden.none")}</h3><p>${t("golden.noneBody")}</p></div>`}
      <div class="row"><button type="button" class=${questions.length ? "" : "primary"} @click=${() => void this.#edit(null)}>${t("golden.add")}</button>
        <label class="button"><input type="file" class="unseen" accept=".csv,text/csv" @change=${(/** @type {Event} */ event) => this.#import(event)}>${t("golden.import")}</label>
        ${questions.length ? html`<button type="button" @click=${() => void this.#trying(() => this.#export())}>${t("golden.export")}</button>` : nothing}
        <p class="hint" role="status">${this.#said}</p></div>
      ${questions.length ? html`<balcao-gate class="leaf" .setting=${true} .assistant=${this.assistant}></balcao-gate>` : nothing}`;
  }

  /** @param {Golden[]} questions */
  #standing(questions) {
    const job = this.#job, run = this.#run;
    const light = job ? "reading" : !run ? "wanting" : run.failed ? "failed" : "ready";
    const text = job ? (job.total ? t("golden.asking", { done: job.done, total: job.total }) : t("golden.waiting"))
      : !run ? t("golden.notYet") : run.failed ? t("golden.red", { failed: run.failed, count: run.passed + run.failed }) : t("golden.green", { count: run.passed });
    return html`<div class="leaf standing">
      <div class="row spread"><div><p class="verdict"><span class="light ${light}" role="status">${text}</span></p>
        ${run ? html`<p class="sub">${t("golden.at", { date: date(run.ended_at, true) })}</p>` : nothing}</div>
        <button type="button" ?disabled=${Boolean(job)} @click=${() => void this.#trying(() => this.#again())}>${t("golden.again")}</button></div>
      ${job?.total ? html`<progress max=${job.total} value=${job.done} aria-label=${t("golden.title")}></progress>` : nothing}
      ${run ? changes(run.changes, run.results) : nothing}
    </div>`;
  }
}

define("balcao-quality", QualityPart);
