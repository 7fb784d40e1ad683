/** What was changed of an assistant, by whom, and the way back. Fires `saved` with the assistant. */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { awaited } from "../parts/awaited.js";
import { collectionNames, difference } from "./difference.js";
import { copies } from "./copies.js";

/** @typedef {{ number: number, created_at: string, by: string, act: "made" | "changed" | "restored", changes: import("./difference.js").Difference[] }} Version */

class HistoryPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  /** @type {Version[] | null} */
  #versions = null;
  /** @type {string | null} */
  #next = null;
  /** @type {Map<string, string>} of collections */
  #names = new Map();
  #said = "";
  #problem = "";

  /** @param {import("../../shared/types").Assistant | null} one */
  set assistant(one) {
    this.#assistant = one;
    this.changed();
  }

  get #address() {
    return `/api/assistants/${this.#assistant?.id}/versions`;
  }

  opened() {
    void this.#trying(() => this.#look());
  }

  /** @param {string} [after] */
  async #look(after = "") {
    const page = await get(`${this.#address}?limit=30${after && `&cursor=${after}`}`);
    this.#names = await collectionNames(page.items.flatMap((/** @type {Version} */ one) => one.changes), this.#names);
    this.#versions = [...(after ? (this.#versions ?? []) : []), ...page.items];
    this.#next = page.next;
  }

  /** @param {Version} one */
  #back(one) {
    void this.#trying(async () => {
      const detail = await request("POST", `${this.#address}/${one.number}/restore`);
      await this.#look();
      this.#said = detail.held ? t("gate.heldSaid") : t("history.isBack", { number: one.number });
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    });
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#said = this.#problem = "";
    try {
      await work();
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    const versions = this.#versions;
    const one = this.#assistant;
    if (!one) return nothing;
    return html`<section aria-labelledby="history-title"><h2 id="history-title">${t("history.title")}</h2>
        <p class="lead">${t("history.hint")}</p>
        ${versions && versions.length > 1 ? html`<div><button type="button" @click=${() => this.#back(versions[1])}>${t("history.undo")}</button></div>` : nothing}
        <p class="hint" role="status">${this.#said}</p>
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
        ${versions ? html`<ol class="versions">${versions.map((each, index) => this.#entry(each, index === 0))}</ol>` : this.#problem ? nothing : awaited()}
        ${this.#next ? html`<div><button type="button" @click=${() => this.#trying(() => this.#look(this.#next ?? ""))}>${t("history.more")}</button></div>` : nothing}
      </section>
      ${copies(one, (problem) => { this.#problem = problem; this.changed(); })}`;
  }

  /** @param {Version} one @param {boolean} newest */
  #entry(one, newest) {
    const by = one.by || t("history.somebody");
    return html`<li>
      <header>
        <h3>${t(`history.${one.act}`, { by })}</h3>
        <p class="hint">${t("history.version", { number: one.number })} · ${date(one.created_at, true)}</p>
        ${newest ? html`<span class="light ready">${t("history.now")}</span>`
          : html`<button type="button" class="small" aria-label=${t("history.backTo", { number: one.number })} @click=${() => this.#back(one)}>${t("history.back")}</button>`}
      </header>
      ${one.changes.length ? html`<dl>${one.changes.map((each) => difference(each, this.#assistant?.id ?? "", this.#names))}</dl>` : nothing}
    </li>`;
  }
}

define("balcao-history", HistoryPart);
