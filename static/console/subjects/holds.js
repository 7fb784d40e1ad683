/** Legal holds: what nobody may delete, for what, since when; and an end to one. */
import { all, get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, field } from "../parts/field.js";
import { SHORTEST, toRelease } from "./asking.js";

/** @typedef {{ id: string, kind: "document" | "collection" | "conversation" | "person", subject: string, title: string, name: string, reason: string, placed_by: string, placed_at: string }} Hold */
/** @typedef {{ id: string, name: string }} Named */

const AT_ONCE = 50;

class HoldsTab extends Page {
  /** @type {Hold[] | null} */
  #holds = null;
  /** @type {string | null} */
  #next = null;
  /** @type {Named[]} */
  #people = [];
  /** @type {Named[]} */
  #collections = [];
  #done = "";

  arrived() {
    void this.trying(async () => {
      [this.#people, this.#collections] = await Promise.all([all("/api/people"), all("/api/collections")]);
      await this.#load("");
    });
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const told = await get(`/api/holds?limit=${AT_ONCE}&cursor=${cursor}`);
    this.#holds = cursor ? [...(this.#holds ?? []), ...told.items] : told.items;
    this.#next = told.next;
  }

  /** @param {SubmitEvent} event */
  #place(event) {
    const { what, name, reason } = answers(event);
    const [kind, subject] = what.split(":");
    const form = /** @type {HTMLFormElement} */ (event.target);
    this.#done = "";
    void this.trying(async () => {
      const hold = await request("POST", "/api/holds", { kind, subject, name, reason });
      this.#holds = [hold, ...(this.#holds ?? [])];
      this.#done = t("desk.heldNow", { name: hold.title, hold: hold.name });
      form.reset();
      form.closest("details")?.removeAttribute("open");
    });
  }

  /** @param {Hold} one */
  async #release(one) {
    const reason = await toRelease(one.name, one.title);
    if (!reason) return;
    this.#done = "";
    await this.trying(async () => {
      await request("DELETE", `/api/holds/${one.id}?${new URLSearchParams({ reason })}`);
      this.#holds = (this.#holds ?? []).filter((other) => other !== one);
      this.#done = t("hold.ended", { hold: one.name });
    });
  }

  template() {
    return html`${this.problemLine}
      <div role="status">${this.#done ? html`<p class="note">${this.#done}</p>` : nothing}</div>
      ${this.#holds ? html`${this.#form()}${this.#list(this.#holds)}` : this.awaited}
      ${this.#next ? html`<div class="row"><button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("desk.more")}</button></div>` : nothing}`;
  }

  #form() {
    return html`<details class="leaf"><summary>${t("hold.new")}</summary><form @submit=${(/** @type {SubmitEvent} */ event) => this.#place(event)}>
      <div class="field"><label for="hold-what">${t("hold.what")}</label>
        <select id="hold-what" name="what" aria-describedby="hold-what-hint">
          ${options(t("hold.collections"), "collection", this.#collections)}${options(t("hold.people"), "person", this.#people)}</select>
        <p class="hint" id="hold-what-hint">${t("hold.whatHint")}</p></div>
      ${field({ name: "name", within: "hold", label: t("hold.for"), hint: t("hold.forHint"), required: true })}
      ${field({ name: "reason", within: "hold", label: t("desk.reason"), hint: t("desk.holdHint"), required: true, minlength: SHORTEST, maxlength: 500 })}
      <div class="row end"><button class="primary">${t("desk.hold")}</button></div>
    </form></details>`;
  }

  /** @param {Hold[]} holds */
  #list(holds) {
    if (!holds.length) return html`<p class="note">${t("hold.none")}</p>`;
    const names = new Map(this.#people.map((one) => [`person:${one.id}`, one.name]));
    return html`<div class="scroll"><table class="documents">
      <thead><tr><th scope="col">${t("hold.for")}</th><th scope="col">${t("hold.what")}</th><th scope="col">${t("hold.since")}</th><th scope="col"><span class="unseen">${t("talks.do")}</span></th></tr></thead>
      <tbody>${holds.map((one) => html`<tr>
        <th scope="row">${one.name}<span class="sub">${one.reason}</span></th>
        <td>${one.title || t("hold.untitled", { id: one.subject.slice(-6) })}<span class="sub">${t(`held.${one.kind}`)}</span></td>
        <td>${date(one.placed_at)}<span class="sub">${names.get(one.placed_by) ?? t("desk.somebodyGone")}</span></td>
        <td class="do"><button type="button" class="small" aria-label=${t("hold.endNamed", { hold: one.name })} @click=${() => void this.#release(one)}>${t("hold.end")}</button></td>
      </tr>`)}</tbody></table></div>`;
  }
}

/** @param {string} label @param {string} kind @param {Named[]} things */
const options = (label, kind, things) => things.length
  ? html`<optgroup label=${label}>${things.map((one) => html`<option value="${kind}:${one.id}">${one.name}</option>`)}</optgroup>` : nothing;

define("balcao-desk-holds", HoldsTab);
