/** Asks before something is lost; what will be lost is named by the caller. */
import { html, nothing, render } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/**
 * @param {{ title: string, body: string, action: string }} question
 * @returns {Promise<boolean>} whether the person said yes; Escape is no
 */
export function confirmed({ title, body, action }) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  render(html`<form method="dialog">
    <h2 id="confirm-title">${title}</h2>
    <p>${body}</p>
    <div class="row end">
      <button value="no" autofocus>${t("confirm.keep")}</button>
      <button value="yes" class="danger">${action}</button>
    </div>
  </form>`, dialog);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      render(nothing, dialog);
      dialog.remove();
    });
  });
}
