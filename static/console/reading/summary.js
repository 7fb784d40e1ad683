/** A document in a few of its own sentences, each a way to its place on the page. */
import { get } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").Condensed} Condensed */

class SummaryPart extends Part {
  document = "";
  /** @type {Condensed | null} */
  #summary = null;
  #problem = "";

  opened() {
    get(`/api/documents/${this.document}/summary`).then(
      (told) => { this.#summary = told; },
      (error) => { this.#problem = error.message; },
    ).finally(() => this.changed());
  }

  template() {
    const told = this.#summary;
    if (this.#problem) return html`<p class="problem" role="alert">${this.#problem}</p>`;
    if (!told) return html`<p class="hint" role="status">${t("summary.reading")}</p>`;
    return html`<section class="summary" aria-labelledby="summary-head">
      <h2 id="summary-head" tabindex="-1">${t("summary.head")}</h2>
      ${told.lines.length ? html`<ol>${told.lines.map((one) => this.#line(one))}</ol>` : html`<p>${t("summary.none")}</p>`}
      <p class="hint" role="status">${told.read} ${t("summary.how")}</p>
    </section>`;
  }

  /** @param {Condensed["lines"][number]} one */
  #line({ text, page, start, end }) {
    const place = new URLSearchParams({ ...(page && { page: String(page) }), start: String(start), end: String(end) });
    return html`<li><span>${text}</span> <a href="#/documents/${this.document}?${place}">${page ? t("summary.page", { page }) : t("summary.place")}</a></li>`;
  }

  drawn() {
    if (this.#summary && !this.contains(document.activeElement)) /** @type {HTMLElement | null} */ (this.querySelector("h2"))?.focus();
  }
}

define("balcao-summary", SummaryPart);
