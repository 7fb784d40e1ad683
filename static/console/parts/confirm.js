/** Asks before something is lost, or costs others something; what that is, the caller says. */
import { html, nothing, render } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/**
 * @param {{ title: string, body: string, action: string, kind?: "danger" | "primary" }} question
 * @returns {Promise<boolean>} whether the person said yes; Escape is no
 */
export function confirmed({ title, body, action, kind = "danger" }) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  render(html`<form method="dialog">
    <h2 id="confirm-title">${title}</h2>
    <p>${body}</p>
    <div class="row end">
      <button value="no" autofocus>${kind === "danger" ? t("confirm.keep") : t("confirm.no")}</button>
      <button value="yes" class=${kind}>${action}</button>
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
