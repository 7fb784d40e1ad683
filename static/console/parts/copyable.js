/** Something to copy: the text, and a button that says when it is done. */
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { copy, done } from "./drawings.js";
import { t } from "../../shared/words.js";

class CopyablePart extends Part {
  #text = "";
  #label = "";
  #copied = false;

  /** @param {string} text */
  set text(text) {
    this.#text = text;
    this.changed();
  }

  /** @param {string} label what the button is called */
  set label(label) {
    this.#label = label;
    this.changed();
  }

  async #copy() {
    // Without https the browser keeps the clipboard shut: the text is selected instead.
    if (navigator.clipboard) await navigator.clipboard.writeText(this.#text);
    else getSelection()?.selectAllChildren(/** @type {Node} */ (this.querySelector("code")));
    this.#copied = true;
    this.changed();
    setTimeout(() => { this.#copied = false; this.changed(); }, 2000);
  }

  template() {
    return html`<pre tabindex="0"><code>${this.#text}</code></pre>
      <button type="button" aria-label=${this.#copied ? nothing : this.#label} @click=${() => this.#copy()}>${this.#copied ? done() : copy()}<span>${this.#copied ? t("copy.done") : t("copy.copy")}</span></button>`;
  }
}

define("balcao-copyable", CopyablePart);

/** @param {string} text */
const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/**
 * The one line a site needs.
 * @param {string} address of this server as visitors reach it
 * @param {string} publicId
 */
export const embedCode = (address, publicId) =>
  `<script src="${quoted(address.replace(/\/$/, ""))}/widget.js" data-assistant="${quoted(publicId)}" async></script>`;
