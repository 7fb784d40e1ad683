/** Asks why somebody else's conversation is to be read. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { asked } from "../parts/dialog.js";
import { field } from "../parts/field.js";

const SHORTEST = 10; // characters, as the server asks

/** Not a button of the form: Enter in its field would press it, the first one. @param {Event} event */
const leave = (event) => /** @type {HTMLElement} */ (event.target).closest("dialog")?.close();

/** @param {string} name whose conversation it is @returns {Promise<string>} the reason; "" for leaving it unread */
export async function reasonFor(name) {
  const { answer, given } = await asked("reason-title", html`<form method="dialog">
    <h2 id="reason-title">${t("talks.why")}</h2>
    <p>${t("talks.whyBody", { name })}</p>
    ${field({ name: "reason", label: t("talks.reason"), hint: t("talks.reasonHint"), required: true, minlength: SHORTEST, maxlength: 500 })}
    <div class="row end">
      <button type="button" @click=${leave}>${t("talks.no")}</button>
      <button value="yes" class="primary">${t("talks.open")}</button>
    </div>
  </form>`);
  return answer === "yes" ? given.reason.trim() : "";
}
