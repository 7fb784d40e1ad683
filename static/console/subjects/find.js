/** Finding somebody: the form, the statement to hand over, and what was found. */
import { request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { answers, field } from "../parts/field.js";
import { go } from "../routes.js";
import { held, SHORTEST, toErase } from "./asking.js";
import { places } from "./found.js";
import { Search, total } from "./search.js";

/** @typedef {import("./search.js").Findings} Findings */
/** @typedef {import("./found.js").Thing} Thing */

class FindTab extends Page {
  search = new Search();
  #busy = false;
  #held = "";

  /** @param {() => Promise<void>} work */
  async #during(work) {
    this.#busy = true;
    this.#held = "";
    await this.trying(work);
    this.#busy = false;
    this.changed();
  }

  /** @param {SubmitEvent} event */
  #find(event) {
    const { name, cpf, email, reason } = answers(event);
    void this.#during(() => this.search.find({ name, cpf, email, reason }));
  }

  /** @param {Thing} thing */
  async #erase(thing) {
    const reason = await toErase(thing, this.search.wanted.reason);
    if (reason) await this.#during(async () => go(`#/subjects/receipts/${await this.search.erase(thing.kind, thing.id, reason)}`));
  }

  /** @param {Thing} thing */
  async #hold({ kind, id, name }) {
    const given = await held(name, this.search.wanted.reason);
    if (!given) return;
    await this.#during(async () => {
      await request("POST", "/api/holds", { kind, subject: id, ...given });
      this.#held = t("desk.heldNow", { name, hold: given.name });
    });
  }

  template() {
    const { wanted, found } = this.search;
    return html`
      <form class="leaf seek" role="search" @submit=${(/** @type {SubmitEvent} */ event) => this.#find(event)}>
        ${field({ name: "name", label: t("desk.name"), value: wanted.name })}
        ${field({ name: "cpf", label: t("desk.cpf"), value: wanted.cpf, maxlength: 30 })}
        ${field({ name: "email", label: t("desk.email"), type: "email", value: wanted.email, maxlength: 254 })}
        ${field({ name: "reason", label: t("desk.reason"), hint: t("desk.reasonHint"), value: wanted.reason, required: true, minlength: SHORTEST, maxlength: 500 })}
        <div class="row end"><button class="primary" ?disabled=${this.#busy}>${t("desk.look")}</button></div>
      </form>
      ${this.problemLine}
      <div role="status">${this.#busy ? html`<p class="pulse">${t("desk.looking")}</p>` : nothing}
        ${this.#held ? html`<p class="note">${this.#held} <a href="#/subjects/holds">${t("desk.toHolds")}</a></p>` : nothing}
        ${found && !total(found) ? html`<p class="note">${t("desk.nobody")}</p>` : nothing}</div>
      ${found && total(found) ? this.#found(found) : nothing}`;
  }

  /** @param {Findings} found */
  #found(found) {
    return html`
      <div class="row spread total"><p><strong>${t("desk.found", { count: total(found) })}</strong></p>
        <div class="row">${/** @type {const} */ (["docx", "json"]).map((form) => html`
          <button type="button" ?disabled=${this.#busy} @click=${() => void this.#during(() => this.search.take(form))}>${t(`desk.take.${form}`)}</button>`)}</div></div>
      ${places(found, this.search.names, { erase: (thing) => void this.#erase(thing), hold: (thing) => void this.#hold(thing) })}`;
  }
}

define("balcao-desk-find", FindTab);
