/** Asks before something is lost, or costs others something; what that is, the caller says. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { asked } from "./dialog.js";

/**
 * @param {{ title: string, body: string, action: string, kind?: "danger" | "primary" }} question
 * @returns {Promise<boolean>} whether the person said yes; Escape is no
 */
export async function confirmed({ title, body, action, kind = "danger" }) {
  const { answer } = await asked("confirm-title", html`<form method="dialog">
    <h2 id="confirm-title">${title}</h2>
    <p>${body}</p>
    <div class="row end">
      <button value="no" autofocus>${kind === "danger" ? t("confirm.keep") : t("confirm.no")}</button>
      <button value="yes" class=${kind}>${action}</button>
    </div>
  </form>`);
  return answer === "yes";
}
