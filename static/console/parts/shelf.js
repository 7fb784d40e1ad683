/**
 * A collection on the screen: a place to drop files, what is on its way, what is there.
 * Fires `shelf` with the documents whenever they change.
 */
import { all, get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { bar } from "../bulk/bar.js";
import { Chosen } from "../bulk/chosen.js";
import { Together } from "../bulk/together.js";
import { mayChange } from "../session.js";
import { awaited } from "./awaited.js";
import { confirmed } from "./confirm.js";
import { documentRow, summary, uploadRow, worrying } from "./document-row.js";
import { dropZone } from "./drop-zone.js";
import "./proposals.js";
import { Reading, unfinished } from "./reading.js";
import { readAgain, readingAgain, trashing } from "./shelf-works.js";
import { Uploads } from "./uploads.js";
import "../rights/originals.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */

class ShelfPart extends Part {
  collection = "";
  /** @type {DocumentRecord[] | null} */
  #documents = null;
  #uploads = new Uploads(() => this.changed(), (one) => { this.#put(one); this.#reading.follow(one.id); });
  #chosen = new Chosen(() => this.changed());
  #together = new Together(() => this.changed());
  /** @type {{ id: string, editable?: boolean, originals?: string } | null} */
  #kept = null;
  #problem = "";
  #onlyWorrying = false;
  #reading = new Reading(() => this.changed(), (one) => this.#read(one));

  opened() {
    void this.#load();
  }

  closed() {
    this.#reading.close();
  }

  async #load() {
    try {
      this.#kept = await get(`/api/collections/${this.collection}`);
      this.#documents = await all(`/api/collections/${this.collection}/documents`);
      this.#documents.filter(unfinished).forEach((one) => this.#reading.follow(one.id));
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.#tell();
  }

  /** @param {DocumentRecord} one */
  #read(one) {
    this.#put(one);
    void /** @type {import("./proposals.js").ProposalsPart | null} */ (this.querySelector("balcao-proposals"))?.look();
  }

  /** @param {DocumentRecord} one */
  #put(one) {
    const known = this.#documents ?? [];
    const at = known.findIndex((other) => other.id === one.id);
    this.#documents = at < 0 ? [one, ...known] : known.map((other, index) => (index === at ? one : other));
    this.#tell();
  }

  #tell() {
    this.changed();
    this.dispatchEvent(new CustomEvent("shelf", { bubbles: true, detail: this.#documents ?? [] }));
  }

  /** @param {DocumentRecord} one */
  async #remove(one) {
    const body = t("documents.removeBody", { title: one.title, pages: t("documents.pages", { count: one.pages }) });
    if (!(await confirmed({ title: t("documents.removeTitle"), body, action: t("documents.remove") }))) return;
    await this.#trying(async () => {
      await request("DELETE", `/api/documents/${one.id}`);
      this.#gone(one);
    });
  }

  /** @param {DocumentRecord} one */
  async #again(one) {
    await this.#trying(() => readAgain(one, this.#queued));
  }

  /** It waits to be read, as if it had just come. @param {DocumentRecord} one */
  #queued = (one) => {
    this.#put({ ...one, state: "queued", problem: null });
    this.#reading.follow(one.id);
  };

  /** @param {DocumentRecord} one */
  #gone = (one) => {
    this.#documents = (this.#documents ?? []).filter((other) => other.id !== one.id);
    this.#tell();
  };

  /** @param {import("./shelf-works.js").Work} work for all that are chosen */
  #all(work) {
    void this.#together.run(this.#chosen.of(this.#documents ?? []), work).then(() => this.#chosen.only([])).then(() => this.#load()); // attachments go with their message
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#problem = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  template() {
    const worries = this.#documents?.filter(worrying) ?? [];
    const shown = (worries.length && this.#onlyWorrying ? worries : this.#documents) ?? [];
    return html`
      ${mayChange(this.#kept) ? dropZone((files) => void this.#uploads.send(this.collection, files)) : nothing}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${this.#kept && mayChange(this.#kept) ? html`<balcao-proposals .collection=${this.collection} @decided=${() => void this.#load()}></balcao-proposals><balcao-originals .kept=${this.#kept}></balcao-originals>` : nothing}
      ${worries.length ? html`<label class="check"><input type="checkbox" .checked=${this.#onlyWorrying}
        @change=${() => { this.#onlyWorrying = !this.#onlyWorrying; this.changed(); }}><span>${t("documents.onlyWorrying", { count: worries.length })}</span></label>` : nothing}
      ${bar(this.#chosen, this.#together, [{ word: "again", act: () => this.#all(readingAgain(this.#queued)) }, { word: "trash", act: () => this.#all(trashing(this.#gone, this.#queued)) }])}
      ${this.#documents?.length || this.#uploads.all.length ? this.#table(shown) : this.#documents || this.#problem ? nothing : awaited()}`;
  }

  /** @param {DocumentRecord[]} shown */
  #table(shown) {
    const acting = mayChange(this.#kept), chosen = acting && shown.length > 1 ? this.#chosen : null;
    return html`<div class="scroll"><table class="documents">
      <caption>${summary(this.#documents ?? [])}</caption>
      <thead><tr>${chosen ? html`<th class="pick" scope="col">${chosen.boxOfAll(shown)}</th>` : nothing}${["document", "state", "pages"].map((one) => html`<th scope="col">${t(`documents.${one}Head`)}</th>`)}<th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
      <tbody>
        ${this.#uploads.all.map((one) => uploadRow(one, () => this.#uploads.dismiss(one), Boolean(chosen)))}
        ${shown.map((one) => documentRow(one, this.#reading.jobs.get(one.id), acting ? { remove: () => this.#remove(one), again: () => this.#again(one) } : null, chosen?.box(one, one.title, shown)))}
      </tbody>
    </table></div>`;
  }
}

define("balcao-shelf", ShelfPart);
