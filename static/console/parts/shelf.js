/**
 * A collection on the screen: a place to drop files, what is on its way, what is there.
 * Fires `shelf` with the documents whenever they change.
 */
import { all, get, request, upload } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { mayChange } from "../session.js";
import { confirmed } from "./confirm.js";
import { documentRow, summary, uploadRow, worrying } from "./document-row.js";
import { dropZone } from "./drop-zone.js";
import "./proposals.js";
import { Reading, unfinished } from "./reading.js";
import "../rights/originals.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */
/** @typedef {import("./document-row.js").Upload} Upload */

class ShelfPart extends Part {
  collection = "";
  /** @type {DocumentRecord[] | null} */
  #documents = null;
  /** @type {Upload[]} */
  #uploads = [];
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

  /** One after the other: the server reads them in that order too. @param {File[]} files */
  async #send(files) {
    const fresh = files.map((file) => ({ file, share: 0, problem: "" }));
    this.#uploads = [...fresh, ...this.#uploads];
    this.changed();
    for (const one of fresh) await this.#sendOne(one);
  }

  /** @param {Upload} one */
  async #sendOne(one) {
    const moved = (/** @type {number} */ share) => { one.share = share; this.changed(); };
    try {
      const { documents } = await upload(`/api/collections/${this.collection}/documents`, one.file, moved);
      this.#dismiss(one);
      documents.forEach((/** @type {DocumentRecord} */ document) => {
        this.#put(document);
        this.#reading.follow(document.id);
      });
    } catch (error) {
      one.problem = /** @type {Error} */ (error).message;
      this.changed();
    }
  }

  /** @param {Upload} one */
  #dismiss(one) {
    this.#uploads = this.#uploads.filter((other) => other !== one);
    this.changed();
  }

  /** @param {DocumentRecord} one */
  async #remove(one) {
    const body = t("documents.removeBody", { title: one.title, pages: t("documents.pages", { count: one.pages }) });
    if (!(await confirmed({ title: t("documents.removeTitle"), body, action: t("documents.remove") }))) return;
    await this.#trying(async () => {
      await request("DELETE", `/api/documents/${one.id}`);
      this.#documents = (this.#documents ?? []).filter((other) => other.id !== one.id);
      this.#tell();
    });
  }

  /** @param {DocumentRecord} one */
  async #again(one) {
    await this.#trying(async () => {
      await request("POST", `/api/documents/${one.id}/read-again`);
      this.#put({ ...one, state: "queued", problem: null });
      this.#reading.follow(one.id);
    });
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#problem = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  template() {
    const documents = this.#documents;
    const rows = documents?.length || this.#uploads.length;
    const worries = documents?.filter(worrying) ?? [];
    return html`
      ${mayChange(this.#kept) ? dropZone((files) => this.#send(files)) : nothing}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${this.#kept && mayChange(this.#kept) ? html`<balcao-proposals .collection=${this.collection} @decided=${() => void this.#load()}></balcao-proposals><balcao-originals .kept=${this.#kept}></balcao-originals>` : nothing}
      ${worries.length ? html`<label class="check"><input type="checkbox" .checked=${this.#onlyWorrying}
        @change=${() => { this.#onlyWorrying = !this.#onlyWorrying; this.changed(); }}><span>${t("documents.onlyWorrying", { count: worries.length })}</span></label>` : nothing}
      ${rows ? html`<div class="scroll"><table class="documents">
        <caption>${summary(documents ?? [])}</caption>
        <thead><tr>${["document", "state", "pages"].map((one) => html`<th scope="col">${t(`documents.${one}Head`)}</th>`)}<th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
        <tbody>
          ${this.#uploads.map((one) => uploadRow(one, () => this.#dismiss(one)))}
          ${(worries.length && this.#onlyWorrying ? worries : documents)?.map((one) => documentRow(one, this.#reading.jobs.get(one.id), mayChange(this.#kept) ? { remove: () => this.#remove(one), again: () => this.#again(one) } : null))}
        </tbody>
      </table></div>` : nothing}`;
  }
}


define("balcao-shelf", ShelfPart);
