/** The pane beside a chat that holds the cited page; on a small screen it covers the chat. Fires `shut`. */
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { close } from "./drawings.js";
import "../../shared/parts/page-view.js";
import { t } from "../../shared/words.js";

class SourcePane extends Part {
  /** @type {import("../../shared/types").Place | null} */
  #place = null;
  /** @type {HTMLElement | null} where the reader came from, and goes back to */
  #from = null;
  #key = (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape" && this.#place) this.shut(); };

  opened() {
    document.addEventListener("keydown", this.#key);
  }

  closed() {
    document.removeEventListener("keydown", this.#key);
  }

  /** @param {import("../../shared/types").Place} place */
  show(place) {
    const opening = !this.#place; // or the reader goes on to another source, from inside
    this.#from ??= /** @type {HTMLElement | null} */ (document.activeElement);
    this.#place = place;
    this.classList.add("open");
    this.changed();
    if (opening) queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector(".shut"))?.focus());
  }

  shut() {
    this.#place = null;
    this.classList.remove("open");
    this.changed();
    this.dispatchEvent(new CustomEvent("shut", { bubbles: true }));
    this.#from?.focus();
    this.#from = null;
  }

  template() {
    const place = this.#place;
    if (!place) return nothing;
    const address = `#/documents/${place.document.id}?page=${place.page ?? 1}${place.start === null ? "" : `&start=${place.start}&end=${place.end}`}`;
    return html`<section aria-label=${t("pane.label")}>
      <header>
        <h2>${place.document.title}</h2>
        <a class="button small" href=${address}>${t("pane.open")}</a>
        <button type="button" class="quiet shut" aria-label=${t("pane.shut")} @click=${() => this.shut()}>${close()}</button>
      </header>
      <balcao-page .place=${place}></balcao-page>
    </section>`;
  }
}

define("balcao-source-pane", SourcePane);
export { SourcePane };
