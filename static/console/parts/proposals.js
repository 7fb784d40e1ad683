/** "New version of …?": what a collection's documents look like to the server, for a person to decide. Fires `decided`. */
import { all, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { percent, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Proposal} Proposal */

const SHOWN = 3;

class ProposalsPart extends Part {
  collection = "";
  /** @type {Proposal[]} */
  #proposals = [];
  #problem = "";

  opened() {
    void this.look();
  }

  /** Asks again what waits for a decision. */
  async look() {
    this.#proposals = await all(`/api/collections/${this.collection}/proposals`).catch(() => []);
    this.changed();
  }

  /** @param {Proposal} one @param {"accept" | "dismiss"} act */
  async #decide(one, act) {
    this.#problem = "";
    try {
      await request("POST", `/api/proposals/${one.id}/${act}`, {});
      if (act === "accept") this.dispatchEvent(new CustomEvent("decided", { bubbles: true, detail: one }));
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    await this.look();
  }

  template() {
    const waiting = this.#proposals;
    if (!waiting.length && !this.#problem) return nothing;
    return html`<section class="note proposals" aria-label=${t("proposals.title")}>
      <h2>${t("proposals.title")}</h2>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      <ul>${waiting.slice(0, SHOWN).map((one) => html`<li>
        <p><a href="#/documents/${one.document.id}">${one.document.title}</a> ${t("proposals.looks")} <a href="#/documents/${one.older.id}">${one.older.title}</a>
          <span class="sub">${t("proposals.alike", { share: percent(one.similarity) })}</span></p>
        <div class="row">
          <button type="button" class="primary small" aria-label=${t("proposals.acceptNamed", { new: one.document.title, old: one.older.title })} @click=${() => void this.#decide(one, "accept")}>${t("proposals.accept")}</button>
          <button type="button" class="small" aria-label=${t("proposals.dismissNamed", { new: one.document.title, old: one.older.title })} @click=${() => void this.#decide(one, "dismiss")}>${t("proposals.dismiss")}</button>
        </div></li>`)}</ul>
      ${waiting.length > SHOWN ? html`<p class="hint">${t("proposals.more", { count: waiting.length - SHOWN })}</p>` : nothing}
    </section>`;
  }
}

define("balcao-proposals", ProposalsPart);
export { ProposalsPart };
