/** One source: how it stands, what its runs did, what waits for a decision. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { back, warning } from "../parts/drawings.js";
import { date, t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { inTurn, step } from "../jobs/turns.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import { answers } from "../parts/field.js";
import "../parts/run-log.js";
import { sourceForm } from "../parts/source-form.js";
import { standing, stepped } from "../parts/source-row.js";
import { busy, moment, outcome, place, when } from "../parts/source-words.js";
import { go } from "../routes.js";
import { kinds, options } from "./sources.js";

/** @typedef {import("../parts/source-words.js").Source} Source */
/** @typedef {import("../parts/source-words.js").Run} Run */

class SourcePage extends Page {
  /** @type {Source | null} */
  #source = null;
  #collection = "";
  /** @type {Run[]} */
  #runs = [];
  /** @type {import("../parts/source-form.js").Draft | null} */
  #draft = null;
  #leave = () => {};

  opened() {
    super.opened();
    this.#leave = follow((job) => this.#heard(job));
  }

  arrived() {
    void this.trying(() => this.#look());
  }

  closed() {
    this.#leave();
  }

  /** @returns {string} */
  get #address() {
    return `/api/sources/${this.route.path[1]}`;
  }

  #look = inTurn(async () => {
    [this.#source, { items: this.#runs }] = await Promise.all([get(this.#address), get(`${this.#address}/runs?limit=20`)]);
    const source = /** @type {Source} */ (this.#source);
    if (!this.#collection) this.#collection = (await get(`/api/collections/${source.collection}`)).name;
    this.changed();
  });

  /** A step of its update is drawn; when one begins or ends, the runs have changed. @param {import("../../shared/types").Job} job */
  #heard(job) {
    if (job.kind !== "sync" || job.subject !== this.route.path[1]) return;
    const further = step(this.#source?.job, job);
    if (!this.#source || !further) return this.unasked(this.#look);
    this.#source = { ...this.#source, job: further };
    this.changed();
  }

  /** @param {string} path @param {unknown} [body] */
  #order(path, body) {
    void this.trying(async () => {
      await request("POST", path, body);
      // Back to the newest run; where that is shown already, only looked at again.
      if (this.route.path[3]) go(`#/sources/${this.route.path[1]}`);
      else await this.#look();
    });
  }

  /** @param {Run} run */
  async #confirm(run) {
    const body = t("sources.confirmBody", { count: run.removed });
    if (!(await confirmed({ title: t("sources.confirmTitle"), body, action: this.#goingOn(run) }))) return;
    this.#order(`${this.#address}/confirm`);
  }

  /** @param {Run} run */
  #goingOn(run) {
    return run.removed ? t("sources.confirm", { count: run.removed }) : t("sources.confirmNone");
  }

  /** @param {"keep" | "remove"} fate */
  async #remove(fate) {
    const kept = fate === "keep";
    const body = t(kept ? "sources.leaveKeepBody" : "sources.leaveAllBody", { name: place(/** @type {Source} */ (this.#source)) });
    if (!(await confirmed({ title: t("sources.leaveTitle"), body, action: t(kept ? "sources.leaveKeep" : "sources.leaveAll") }))) return;
    await this.trying(async () => { await request("DELETE", `${this.#address}?documents=${fate}`); go("#/sources"); });
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const given = answers(event);
    void this.trying(async () => {
      this.#source = await request("PATCH", this.#address, options(given));
      this.#draft = null;
    });
  }

  template() {
    const one = this.#source;
    if (!one) return this.unknown(t("sources.name"));
    document.title = `${place(one)} – Balcão`;
    const mine = kinds().includes(one.kind);
    const held = this.#runs.find((run) => run.state === "held");
    return html`<div class="page source">
      <div><a class="button quiet back" href="#/sources">${back()}${t("sources.all")}</a>
      <header class="head"><div><h1 class="address">${stepped(place(one))}</h1><p class="lead">${t("sources.oneLead")}</p>
        <p class="facts"><span>${t(`sources.kind.${one.kind}`)}</span><span>${this.#collection}</span><span>${t("sources.items", { count: one.entries })}</span><span>${when(one.schedule)}</span>
          ${one.due_at ? html`<span>${t("sources.next", { date: date(one.due_at, true) })}</span>` : nothing}</p></div>
        ${mine ? this.#choices(one, Boolean(held)) : nothing}</header></div>
      ${this.problemLine}
      ${held && mine && !busy(one) ? this.#decision(held) : html`<div class="stands" role="status">${standing(one)}</div>`}
      ${this.#draft ? sourceForm(this.#draft, { kinds: kinds(), collections: [] }, {
        save: (event) => this.#save(event),
        redraw: (changes) => { if (this.#draft) this.#draft = { ...this.#draft, ...changes }; this.changed(); },
        cancel: () => { this.#draft = null; this.changed(); },
      }) : nothing}
      ${this.#log()}
      ${this.#history()}
      ${mine ? html`<section class="parting"><h2>${t("sources.leave")}</h2><p class="hint">${t("sources.leaveLead")}</p>
        <div class="row"><button type="button" @click=${() => void this.#remove("keep")}>${t("sources.leaveKeep")}</button>
        <button type="button" class="danger" @click=${() => void this.#remove("remove")}>${t("sources.leaveAll")}</button></div></section>` : nothing}
    </div>`;
  }

  /** @param {Source} one @param {boolean} held a decision comes first */
  #choices(one, held) {
    if (busy(one)) return html`<button type="button" @click=${() => this.#order(`/api/jobs/${one.job?.id}/cancel`)}>${t("sources.stop")}</button>`;
    return html`<div class="row">
      <button type="button" ?disabled=${Boolean(this.#draft)} @click=${() => { this.#draft = { ...one }; this.changed(); }}>${t("sources.edit")}</button>
      <button type="button" @click=${() => this.#order(`${this.#address}/run`, { dry_run: true })}>${t("sources.try")}</button>
      <button type="button" class=${held ? "" : "primary"} @click=${() => this.#order(`${this.#address}/run`, {})}>${t("sources.run")}</button></div>`;
  }

  /** @param {Run} run */
  #decision(run) {
    return html`<section class="decision" aria-labelledby="decision">
      <h2 id="decision">${warning()}${t("sources.heldTitle")}</h2>
      <p>${run.problem?.detail}</p>
      <div class="row"><button type="button" class="danger" @click=${() => void this.#confirm(run)}>${this.#goingOn(run)}</button>
        <button type="button" @click=${() => this.#order(`${this.#address}/reject`)}>${t("sources.reject")}</button></div>
    </section>`;
  }

  #log() {
    const wanted = this.route.path[3];
    const run = this.#runs.find((one) => one.id === wanted) ?? this.#runs.find((one) => one.ended_at);
    const told = run?.state === "held" || run?.id === this.#source?.last_run?.id;
    return run ? html`<balcao-run-log .source=${this.route.path[1]} .told=${told} .run=${run}></balcao-run-log>` : nothing;
  }

  #history() {
    if (!this.#runs.length) return html`<p class="hint">${t("sources.noRuns")}</p>`;
    return html`<section><h2 id="runs">${t("sources.runs")}</h2>
      <div class="scroll"><table class="documents" aria-labelledby="runs">
        <thead><tr><th scope="col">${t("sources.runAt")}</th><th scope="col">${t("sources.result")}</th></tr></thead>
        <tbody>${this.#runs.map((run) => html`<tr>
          <th scope="row"><a href="#/sources/${this.route.path[1]}/runs/${run.id}">${moment(run)}</a>${run.dry_run ? html`<span class="sub">${t("sources.dry")}</span>` : nothing}</th>
          <td>${outcome(run)}</td></tr>`)}</tbody></table></div></section>`;
  }
}

define("page-source", SourcePage);
