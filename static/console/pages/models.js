/** Models: which one writes, what there is, what this server can carry, and how a model comes in. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { number, t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { inTurn, step } from "../jobs/turns.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import "../parts/engines.js";
import { modelInUse } from "../parts/model-in-use.js";
import { modelRow } from "../parts/model-row.js";
import { forgetSending, send, watchSending } from "../parts/sending.js";

/** @typedef {import("../parts/model-row.js").Model} Model */
/** @typedef {import("../parts/model-in-use.js").InUse} InUse */
/** @typedef {{ cores: number, avx2: boolean, total_mb: number, available_mb: number }} Machine */

const KINDS = ["pull", "import", "check"]; // of jobs; each is about a model by its name

class ModelsPage extends Page {
  /** @type {Model[]} */
  #models = [];
  /** @type {InUse | null} */
  #inUse = null;
  /** @type {Machine | null} */
  #machine = null;
  #folder = "";
  #hush = () => {};

  opened() {
    super.opened();
    this.#hush = follow((job) => this.#heard(job), () => {}, (told) => this.#stands(told));
  }

  arrived() {
    watchSending(() => this.changed());
    void this.trying(() => this.#look());
  }

  closed() {
    this.#hush();
  }

  #look = inTurn(async () => {
    const told = await get("/api/models");
    this.#models = told.items;
    this.#inUse = told.language_model;
    this.#machine = told.machine;
    this.#folder = told.import_folder ?? "";
    this.changed();
  });

  /** A step is drawn; when a job begins or ends, more has changed. @param {import("../../shared/types").Job} job */
  #heard(job) {
    if (!KINDS.includes(job.kind)) return;
    const one = this.#models.find(({ name }) => name === job.subject);
    const further = step(one?.job, job);
    if (!one || !further) return this.unasked(this.#look);
    one.job = further;
    this.changed();
  }

  /** @param {import("../jobs/stream.js").Standing} told of the model that writes the answers */
  #stands({ name, state }) {
    if (this.#inUse && (name !== this.#inUse.name || state !== this.#inUse.state)) this.unasked(this.#look);
  }

  /** @param {() => Promise<unknown>} work what to order before looking again */
  #order(work) {
    void this.trying(async () => { await work(); await this.#look(); }).then(() => {
      if (this.problem) this.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
    });
  }

  /** @param {string} name */
  async #use(name) {
    const body = t("models.useBody", { name });
    if (!(await confirmed({ title: t("models.useTitle"), body, action: t("models.use"), kind: "primary" }))) return;
    this.#order(() => request("POST", `/api/models/${name}/use`));
  }

  async #leave() {
    const name = this.#inUse?.name ?? "";
    const body = t("models.leaveBody", { name });
    if (!(await confirmed({ title: t("models.leaveTitle"), body, action: t("models.leave") }))) return;
    this.#order(() => request("DELETE", `/api/models/${name}/use`));
  }

  /** @param {Model} one */
  async #check(one) {
    const body = t("models.checkBody", { name: one.name });
    if (!(await confirmed({ title: t("models.checkTitle"), body, action: t("models.check"), kind: "primary" }))) return;
    this.#order(() => request("POST", `/api/models/${one.name}/check`));
  }

  /** @param {Model} one @param {File} file */
  async #send(one, file) {
    await send(one.name, file);
    if (this.isConnected) this.#order(() => Promise.resolve());
  }

  /** @param {Model} one */
  async #fetch(one) {
    const body = t("models.pullBody", { name: one.name, hosts: one.hosts.join(", ") });
    if (!(await confirmed({ title: t("models.pullTitle"), body, action: t("models.pull") }))) return;
    this.#order(() => request("POST", `/api/models/${one.name}/pull`));
  }

  /** @param {Model} one */
  async #remove(one) {
    const body = t("models.removeBody", { name: one.name });
    if (!(await confirmed({ title: t("models.removeTitle"), body, action: t("models.remove") }))) return;
    this.#order(() => request("DELETE", `/api/models/${one.name}`));
  }

  /** @param {Model} one */
  #row(one) {
    return modelRow(one, {
      pull: () => void this.#fetch(one),
      bring: () => this.#order(() => request("POST", "/api/models/import", { name: one.name })),
      cancel: () => this.#order(() => request("POST", `/api/jobs/${one.job?.id}/cancel`)),
      remove: () => void this.#remove(one),
      use: () => void this.#use(one.name),
      check: () => void this.#check(one),
      send: (file) => void this.#send(one, file),
      stop: () => forgetSending(one.name),
      fixed: this.#inUse?.fixed ?? false,
    });
  }

  template() {
    document.title = `${t("shell.models")} – Balcão`;
    return html`<div class="page models">
      <header class="head"><div><h1>${t("shell.models")}</h1><p class="lead">${t("models.lead")}</p>${this.#facts()}</div></header>
      ${this.problemLine}${this.#machine ? nothing : this.awaited}
      ${this.#machine && !this.#machine.avx2 ? html`<p class="problem" role="alert">${t("models.noAvx2")}</p>` : nothing}
      ${this.#inUse ? modelInUse(this.#inUse, { use: (name) => void this.#use(name), leave: () => void this.#leave() }) : nothing}
      ${this.#kind("language")}${this.#kind("embedder")}
      <p class="hint">${t("models.help")} ${this.#folder ? t("models.helpFolder", { folder: this.#folder }) : t("models.helpNoFolder")}</p>
      <balcao-engines></balcao-engines>
    </div>`;
  }

  #facts() {
    if (!this.#machine) return nothing;
    const { cores, total_mb, available_mb } = this.#machine;
    const gigabytes = (/** @type {number} */ mb) => number(mb / 1024, { maximumFractionDigits: 1 });
    return html`<p class="facts">${t("models.machine", { cores, total: gigabytes(total_mb), free: gigabytes(available_mb) })}</p>`;
  }

  /** @param {string} kind */
  #kind(kind) {
    const rows = this.#models.filter((one) => one.kind === kind);
    if (!rows.length) return nothing;
    return html`<section><h2 id="models-${kind}">${t(`models.${kind}`)}</h2>
      <div class="scroll"><table class="documents" aria-labelledby="models-${kind}">
        <thead><tr><th scope="col">${t("models.name")}</th><th scope="col">${t("models.state")}</th><th scope="col">${t("models.needs")}</th><th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
        <tbody>${rows.map((one) => this.#row(one))}</tbody></table></div></section>`;
  }
}

define("page-models", ModelsPage);
