/** Asks why somebody else's conversation is to be read. */
import { html, nothing, render } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { field } from "../parts/field.js";

const SHORTEST = 10; // characters, as the server asks

/** @param {string} name whose conversation it is @returns {Promise<string>} the reason; "" for leaving it unread */
export function reasonFor(name) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "reason-title");
  const given = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    dialog.close(String(new FormData(form).get("reason")).trim());
  };
  render(html`<form @submit=${given}>
    <h2 id="reason-title">${t("talks.why")}</h2>
    <p>${t("talks.whyBody", { name })}</p>
    ${field({ name: "reason", label: t("talks.reason"), hint: t("talks.reasonHint"), required: true, minlength: SHORTEST, maxlength: 500 })}
    <div class="row end">
      <button type="button" @click=${() => dialog.close("")}>${t("talks.no")}</button>
      <button class="primary">${t("talks.open")}</button>
    </div>
  </form>`, dialog);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue);
      render(nothing, dialog);
      dialog.remove();
    });
  });
}
