/** What was erased at the desk: the list of receipts, and one that fills while its job runs. */
import { all, get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { back } from "../parts/drawings.js";
import { date, t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { inTurn } from "../jobs/turns.js";
import { Page } from "../page.js";
import { receipt } from "./receipt.js";

/** @typedef {import("./receipt.js").Erasure} Erasure */

const AT_ONCE = 50;

class ReceiptsTab extends Page {
  /** @type {Erasure[] | null} */
  #items = null;
  /** @type {string | null} */
  #next = null;
  /** @type {Erasure | null} */
  #one = null;
  /** @type {Map<string, string>} people's names by "person:ID" */
  #names = new Map();
  #leave = () => {};

  opened() {
    super.opened();
    this.#leave = follow((job) => this.#heard(job));
  }

  arrived() {
    const id = this.route.path[2];
    this.#one = null;
    void this.trying(async () => {
      this.#names = new Map((await all("/api/people")).map((one) => [`person:${one.id}`, one.name]));
      await (id ? this.#look() : this.#load(""));
    });
  }

  closed() {
    this.#leave();
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const told = await get(`/api/subjects/erasures?limit=${AT_ONCE}&cursor=${cursor}`);
    this.#items = cursor ? [...(this.#items ?? []), ...told.items] : told.items;
    this.#next = told.next;
  }

  #look = inTurn(async () => {
    const id = this.route.path[2];
    const told = await get(`/api/subjects/erasures/${encodeURIComponent(id)}`);
    if (id !== this.route.path[2]) return; // another one is looked at meanwhile
    this.#one = told;
    this.changed();
  });

  /** An erasure's traces are a job, which ends with its receipt; in the list its row changes alone. @param {import("../../shared/types").Job} job */
  #heard(job) {
    if (job.kind !== "erase" || !job.ended_at) return;
    if (this.route.path[2] === job.subject) this.unasked(this.#look);
    else if (this.#items?.some(({ id, done_at }) => id === job.subject && !done_at)) this.unasked(() => this.#put(job.subject));
  }

  /** @param {string} id of one in the list */
  async #put(id) {
    const told = await get(`/api/subjects/erasures/${encodeURIComponent(id)}`);
    this.#items = (this.#items ?? []).map((one) => (one.id === id ? told : one));
    this.changed();
  }

  template() {
    if (this.route.path[2]) {
      return html`<p><a class="button quiet" href="#/subjects/receipts">${back()}${t("receipt.all")}</a></p>
        ${this.problemLine}
        ${this.#one ? receipt(this.#one, this.#names) : nothing}`;
    }
    return html`${this.problemLine}
      ${this.#items ? this.#list(this.#items) : this.awaited}
      ${this.#next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("desk.more")}</button></div>` : nothing}`;
  }

  /** @param {Erasure[]} items */
  #list(items) {
    if (!items.length) return html`<p class="note">${t("receipt.none")}</p>`;
    return html`<div class="scroll"><table class="documents">
      <thead><tr><th scope="col">${t("receipt.what")}</th><th scope="col">${t("receipt.by")}</th><th scope="col">${t("receipt.state")}</th></tr></thead>
      <tbody>${items.map((one) => html`<tr>
        <th scope="row"><a href="#/subjects/receipts/${one.id}">${t(`erased.${one.kind}`)}</a><span class="sub">${one.reason}</span></th>
        <td>${this.#names.get(one.asked_by) ?? t("desk.somebodyGone")}<span class="sub">${date(one.asked_at, true)}</span></td>
        <td><span class="light ${one.done_at ? "ready" : "reading"}">${t(one.done_at ? "receipt.done" : "receipt.running")}</span></td>
      </tr>`)}</tbody></table></div>`;
  }
}

define("balcao-desk-receipts", ReceiptsTab);
