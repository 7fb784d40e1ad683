/** The choice of language, the same before and after signing in. */
import { html } from "../../shared/lit.js";
import { LANGUAGES, NAMES, language, t } from "../../shared/words.js";
import { choose } from "../session.js";

export function languageSelect() {
  const change = async (/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    await choose(/** @type {import("../../shared/words.js").Language} */ (select.value)).catch(() => {});
    window.dispatchEvent(new Event("balcao:redraw"));
  };
  return html`<select class="language" aria-label=${t("shell.language")} @change=${change}>
    ${LANGUAGES.map((one) => html`<option value=${one} ?selected=${one === language()}>${NAMES[one]}</option>`)}
  </select>`;
}
