/** The assistants of the house, or how to make the first one. */
import { all, get } from "../../shared/api.js";
import { dress } from "../../shared/colour.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { leaving, paper, plus } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { inTurn } from "../jobs/turns.js";
import { importing } from "../maker/import.js";
import { Page } from "../page.js";
import { plain, words } from "../palette/typed.js";
import { edits, person } from "../session.js";
import { offer } from "../tour/offer.js";

/** @typedef {import("../../shared/types").Assistant} Assistant */
/** @typedef {{ assistant: string, questions: number, colour: "none" | "waiting" | "green" | "red", failed: number, asking: boolean, asked_this_week: number }} Light of its golden questions, and how much it is asked */

const MANY = 12; // from here on a field to search in helps
const AT_ONCE = 60; // cards that are drawn before somebody asks for more
const LIGHTS = { green: "ready", red: "failed", waiting: "wanting", asking: "reading" };

class AssistantsPage extends Page {
  /** @type {Assistant[] | null} */
  #assistants = null;
  #sought = "";
  #shown = AT_ONCE;
  /** @type {Map<string, number>} documents by collection */
  #documents = new Map();
  /** @type {Map<string, Light>} by assistant, of those that this person may change */
  #lights = new Map();
  #leave = () => {};
  /** @type {{ language_model: null | { name: string, state: string }, directory?: string | null, provider?: string | null, certificate?: string | null, disk?: { reason: string | null }, work?: { reason: string | null } } | null} */
  #system = null;

  opened() {
    super.opened();
    if (edits()) this.#leave = follow((job) => this.#heard(job));
  }

  closed() {
    this.#leave();
  }

  #look = inTurn(async () => {
    /** @type {Light[]} */
    const lights = await all("/api/golden/lights");
    this.#lights = new Map(lights.map((one) => [one.assistant, one]));
    this.changed();
  });

  /** Golden questions begin to be asked, or were asked. @param {import("../../shared/types").Job} job */
  #heard(job) {
    const light = this.#lights.get(job.subject);
    if (job.kind === "golden" && light && light.asking === Boolean(job.ended_at)) this.unasked(this.#look);
  }

  arrived() {
    if (edits()) this.unasked(this.#look);
    void this.trying(async () => {
      const [assistants, collections] = await Promise.all([all("/api/assistants"), all("/api/collections")]);
      this.#documents = new Map(collections.map((one) => [one.id, one.documents]));
      this.#assistants = assistants;
      this.#system = await get("/api/system").catch(() => null);
    });
  }

  drawn() {
    const found = this.#found;
    this.querySelectorAll(".card").forEach((card, index) => dress(/** @type {HTMLElement} */ (card), found[index]?.accent ?? ""));
  }

  /** Those whose name or greeting holds every word sought; case and accents do not matter. */
  get #found() {
    const sought = words(this.#sought);
    return (this.#assistants ?? []).filter((one) => {
      const text = plain(`${one.name} ${one.greeting}`);
      return sought.every((word) => text.includes(word));
    });
  }

  /** @param {string} sought */
  #seek(sought) {
    this.#sought = sought;
    this.#shown = AT_ONCE;
    this.changed();
  }

  template() {
    document.title = `${t("shell.assistants")} – Balcão`;
    if (this.#assistants?.length === 0) return this.#empty();
    return html`<div class="page">
      <header class="head">
        <div><h1>${t("shell.assistants")}</h1><p class="lead">${t("assistants.lead")}</p></div>
        <div class="row">${edits() ? importing((problem) => { this.problem = problem; this.changed(); }) : nothing}<a class="button primary" href="#/assistants/new">${plus()}${t("assistants.create")}</a></div>
      </header>
      ${this.problemLine}
      ${offer(() => this.changed())}
      ${this.#away()}${this.#model()}
      ${this.#assistants ? this.#list(this.#assistants.length) : this.awaited}
    </div>`;
  }

  /** @param {number} all how many there are */
  #list(all) {
    const found = this.#found;
    return html`${all >= MANY ? html`<div class="field finder"><label for="seek">${t("assistants.seek")}</label>
        <input id="seek" type="search" .value=${this.#sought} @input=${(/** @type {InputEvent} */ event) => this.#seek(/** @type {HTMLInputElement} */ (event.target).value)}>
        <p class="hint" role="status">${t("assistants.found", { count: found.length })}</p></div>` : nothing}
      <ul class="cards">${found.slice(0, this.#shown).map((one) => this.#card(one))}</ul>
      ${found.length > this.#shown ? html`<div><button type="button" @click=${() => { this.#shown += AT_ONCE; this.changed(); }}>${t("assistants.more")}</button></div>` : nothing}`;
  }

  #empty() {
    return html`<div class="page empty">
      <div class="leaf">
        ${paper()}
        <h1>${t("assistants.empty")}</h1>
        <p class="lead">${t("assistants.emptyLead")}</p>
        <ol class="steps">${[1, 2, 3].map((n) => html`<li><span class="number">${n}</span><span>${t(`assistants.step${n}`)}</span></li>`)}</ol>
        ${this.problemLine}
        <a class="button primary" href="#/assistants/new">${t("assistants.create")}</a>
      </div>
      ${offer(() => this.changed())}
      ${this.#model()}
    </div>`;
  }

  /** What administrators are told of the disk, of work that stands still, of the certificate, and of servers by which people sign in. */
  #away() {
    if (person()?.role !== "admin" || !this.#system) return nothing;
    const told = /** @type {const} */ ([["ldap", this.#system.directory], ["oidc", this.#system.provider]]).filter(([, why]) => why);
    const ours = [this.#system.disk?.reason, this.#system.work?.reason, this.#system.certificate].filter((why) => why);
    return html`${ours.map((why) => html`<p class="problem" role="status"><span>${why}</span></p>`)}
      ${told.map(([section, why]) => html`<p class="problem" role="status"><span>${why} <a href="#/settings/${section}">${t("shell.settings")}</a></span></p>`)}`;
  }

  #model() {
    const elsewhere = this.#assistants?.length && this.#assistants.every((one) => one.engine);
    if (!this.#system || this.#system.language_model || elsewhere) return nothing;
    return html`<p class="note">${t("system.quoting")}</p>`;
  }

  /** @param {Assistant} one */
  #card(one) {
    const count = one.collections.reduce((sum, id) => sum + (this.#documents.get(id) ?? 0), 0);
    return html`<li class="card">
      <h2><a href="#/assistants/${one.id}">${one.name}</a></h2>
      <p class="greeting">${one.greeting || t("chat.greeting", { name: one.name })}</p>
      <p class="facts">
        <span class="light ${count ? "ready" : "wanting"}">${count ? t("assistants.documents", { count }) : t("assistants.noDocuments")}</span>
        ${this.#standing(this.#lights.get(one.id))}
        ${one.origins.length ? html`<span>${t("assistants.sites", { count: one.origins.length })}</span>` : nothing}
        ${one.leaves_building ? html`<span class="outside">${leaving()}${t("assistants.leaves")}</span>` : nothing}
      </p>
    </li>`;
  }

  /** @param {Light | undefined} light */
  #standing(light) {
    if (!light) return nothing;
    const stands = light.asking ? "asking" : light.colour;
    return html`${stands === "none" ? nothing : html`<span class="light ${LIGHTS[stands]}">${t(`assistants.golden.${stands}`, { failed: light.failed, count: light.questions })}</span>`}
      <span>${t("assistants.week", { count: light.asked_this_week })}</span>`;
  }
}

define("page-assistants", AssistantsPage);
