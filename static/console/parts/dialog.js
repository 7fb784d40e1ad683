/** A dialog that asks something, and is gone once it was answered. */
import { nothing, render } from "../../shared/lit.js";

/**
 * @param {string} title the id of the heading that names it
 * @param {unknown} template a form of the method "dialog"
 * @returns {Promise<{ answer: string, given: Record<string, string> }>} the value of the button,
 * "" for Escape; and what the form's fields held
 */
export function asked(title, template) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", title);
  render(template, dialog);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
      const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      resolve({ answer: dialog.returnValue, given });
      render(nothing, dialog);
      dialog.remove();
    });
  });
}
