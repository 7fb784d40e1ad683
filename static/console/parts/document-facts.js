/** What a document is called, from when until when it is in force, and what it takes the place of. Fires `saved`. */
import { all, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { LANGUAGES, NAMES, t } from "../../shared/words.js";
import { answers, choice, field } from "./field.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */

class DocumentFactsPart extends Part {
  /** @type {DocumentRecord | null} */
  #document = null;
  /** @type {DocumentRecord[] | null} the others of its collection, once somebody looks */
  #others = null;
  #saved = false;
  #problem = "";

  /** @param {DocumentRecord} one */
  set document(one) {
    this.#document = one;
    this.changed();
  }

  async #look() {
    if (this.#others || !this.#document) return;
    const { id, collection } = this.#document;
    this.#others = (await all(`/api/collections/${collection}/documents`).catch(() => [])).filter((one) => one.id !== id);
    this.changed();
  }

  /** @param {Event} event */
  async #save(event) {
    const given = answers(event);
    const named = ["valid_from", "valid_to", "supersedes"].map((name) => [name, given[name] || null]);
    const facts = { title: given.title, ...(given.language && { language: given.language }), ...Object.fromEntries(named) };
    this.#problem = "";
    try {
      const detail = await request("PATCH", `/api/documents/${this.#document?.id}`, facts);
      this.#saved = true;
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    const one = this.#document;
    if (!one) return nothing;
    const before = one.versions?.before;
    /** @type {[string, string][]} */
    const others = this.#others?.map((other) => [other.id, other.title]) ?? (before ? [[before.id, before.title]] : []);
    return html`<details class="facts-fold" @toggle=${() => void this.#look()}>
      <summary>${t("facts.title")}</summary>
      <form class="leaf" @submit=${(/** @type {Event} */ event) => void this.#save(event)} @input=${() => { this.#saved = false; this.changed(); }}>
        ${field({ name: "title", label: t("facts.name"), value: one.title, required: true })}
        <div class="dates">
          ${field({ name: "valid_from", type: "date", label: t("facts.from"), value: one.valid_from ?? "" })}
          ${field({ name: "valid_to", type: "date", label: t("facts.to"), value: one.valid_to ?? "" })}
        </div>
        <p class="hint">${t("facts.hint")}</p>
        ${choice({ name: "language", label: t("again.language"), value: one.language ?? "", options: LANGUAGES.map((language) => /** @type {[string, string]} */ ([language, NAMES[language]])) })}
        ${choice({ name: "supersedes", label: t("facts.replaces"), hint: t("facts.replacesHint"), value: one.supersedes ?? "", options: [["", t("facts.nothing")], ...others] })}
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
        <div class="row end">${this.#saved ? html`<span class="hint" role="status">${t("facts.saved")}</span>` : nothing}<button class="primary">${t("behaviour.save")}</button></div>
      </form>
    </details>`;
  }
}

define("balcao-document-facts", DocumentFactsPart);
