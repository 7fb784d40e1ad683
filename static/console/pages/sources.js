/** Sources: where documents come from by themselves, how each stands, and the form for one. */
import { all, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { plus } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { inTurn, step } from "../jobs/turns.js";
import { Page } from "../page.js";
import { answers, lines } from "../parts/field.js";
import { sourceForm } from "../parts/source-form.js";
import { sourceRow } from "../parts/source-row.js";
import { schedule } from "../parts/source-words.js";
import { go } from "../routes.js";
import { person } from "../session.js";

/** @typedef {import("../parts/source-words.js").Source} Source */
/** @typedef {import("../parts/source-words.js").Kind} Kind */
/** @typedef {import("../parts/source-form.js").Draft} Draft */

/** @returns {Kind[]} the kinds that this person may look after */
export const kinds = () => (person()?.role === "admin" ? ["folder", "page", "site"] : ["page", "site"]);

/** What the form says, as the server takes it. @param {Record<string, string>} given */
export function options(given) {
  const numbers = given.depth ? { depth: Number(given.depth), pages: Number(given.pages) } : {};
  return { schedule: schedule(given), include: lines(given.include), exclude: lines(given.exclude), ...numbers };
}

class SourcesPage extends Page {
  /** @type {Source[] | null} */
  #sources = null;
  /** @type {import("../parts/source-form.js").Collection[]} */
  #collections = [];
  /** @type {Draft | null} */
  #draft = null;
  #begun = false; // whether the form was opened just now
  #leave = () => {};

  opened() {
    super.opened();
    this.#leave = follow((job) => this.#heard(job));
  }

  arrived() {
    void this.trying(async () => {
      this.#collections = await all("/api/collections");
      await this.#look();
    });
  }

  closed() {
    this.#leave();
  }

  drawn() {
    if (!this.#begun) return;
    this.#begun = false;
    /** @type {HTMLElement | null} */ (this.querySelector("form [name=place]"))?.focus();
  }

  #look = inTurn(async () => {
    this.#sources = await all("/api/sources");
    this.changed();
  });

  /** A step of an update is drawn; when one begins or ends, more has changed. @param {import("../../shared/types").Job} job */
  #heard(job) {
    if (job.kind !== "sync") return;
    const one = this.#sources?.find(({ id }) => id === job.subject);
    const further = step(one?.job, job);
    if (!one || !further) return this.unasked(this.#look);
    one.job = further;
    this.changed();
  }

  /** @param {Source} one @param {boolean} dry */
  #run(one, dry) {
    void this.trying(async () => {
      await request("POST", `/api/sources/${one.id}/run`, { dry_run: dry });
      if (dry) go(`#/sources/${one.id}`);
      else await this.#look();
    });
  }

  /** @param {Source} one */
  #stop(one) {
    void this.trying(async () => { await request("POST", `/api/jobs/${one.job?.id}/cancel`); await this.#look(); });
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const { kind, place, collection, ...given } = answers(event);
    const where = kind === "folder" ? { path: place } : { address: place };
    void this.trying(async () => {
      const made = await request("POST", `/api/collections/${collection}/sources`, { kind, ...where, ...options(given) });
      go(`#/sources/${made.id}`);
    });
  }

  /** @param {Draft | null} draft */
  #edit(draft) {
    this.#draft = draft;
    this.#begun = draft !== null;
    this.problem = "";
    this.changed();
  }

  template() {
    document.title = `${t("shell.sources")} – Balcão`;
    return html`<div class="page sources">
      <header class="head"><div><h1>${t("shell.sources")}</h1><p class="lead">${t("sources.lead")}</p></div>
        <div class="row"><a class="button" href="#/trash">${t("shell.trash")}</a>
        ${this.#draft ? nothing : html`<button type="button" class="primary" @click=${() => this.#edit({ schedule: "daily 03:00", kind: kinds()[0] })}>${plus()}${t("sources.add")}</button>`}</div></header>
      ${this.problemLine}
      ${this.#draft ? sourceForm(this.#draft, { kinds: kinds(), collections: this.#collections }, {
        save: (event) => this.#save(event),
        redraw: (changes) => { this.#draft = { .../** @type {Draft} */ (this.#draft), ...changes }; this.changed(); },
        cancel: () => this.#edit(null),
      }) : nothing}
      ${this.#sources?.length ? this.#table(this.#sources) : this.#sources && !this.#draft ? html`<p class="note">${t("sources.none")}</p>` : this.#sources ? nothing : this.awaited}
    </div>`;
  }

  /** @param {Source[]} sources */
  #table(sources) {
    const names = new Map(this.#collections.map(({ id, name }) => [id, name]));
    return html`<div class="scroll"><table class="documents">
      <thead><tr>${["name", "state", "when"].map((one) => html`<th scope="col">${t(`sources.${one}`)}</th>`)}<th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
      <tbody>${sources.map((one) => sourceRow(one, names.get(one.collection) ?? "", kinds().includes(one.kind)
        ? { run: () => this.#run(one, false), dry: () => this.#run(one, true), stop: () => this.#stop(one) }
        : null))}</tbody></table></div>`;
  }
}

define("page-sources", SourcesPage);
