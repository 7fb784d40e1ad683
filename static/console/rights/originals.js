/** Whether the originals of a collection are for those who look after it alone. */
import { request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/** @typedef {{ id: string, originals?: string }} Kept */

class OriginalsPart extends Part {
  /** @type {Kept | null} */
  #kept = null;
  #problem = "";

  /** @param {Kept | null} one the collection */
  set kept(one) {
    this.#kept = one;
    this.changed();
  }

  /** @param {Event} event */
  async #keep(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    this.#problem = "";
    try {
      this.#kept = await request("PATCH", `/api/collections/${this.#kept?.id}`, { originals: box.checked ? "editors" : "everyone" });
    } catch (error) {
      box.checked = !box.checked;
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    if (!this.#kept) return nothing;
    return html`<label class="check"><input type="checkbox" .checked=${this.#kept.originals === "editors"}
      @change=${(/** @type {Event} */ event) => void this.#keep(event)}><span>${t("originals.kept")}</span></label>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}`;
  }
}

define("balcao-originals", OriginalsPart);
