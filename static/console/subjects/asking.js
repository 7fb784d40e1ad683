/** The desk's dialogs: before something is erased, held, or no longer held, somebody says why. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { asked } from "../parts/dialog.js";
import { field } from "../parts/field.js";

export const SHORTEST = 10; // characters of a reason, as the server asks

/** Not a button of the form: Enter in its field would press it, the first one. @param {Event} event */
const leave = (event) => /** @type {HTMLElement} */ (event.target).closest("dialog")?.close();

/** @param {string} reason @param {string} hint */
const why = (reason, hint) => field({ name: "reason", within: "desk", label: t("desk.reason"), hint, value: reason, required: true, minlength: SHORTEST, maxlength: 500 });

/** @param {string} action @param {string} kind of the button */
const choice = (action, kind) => html`<div class="row end">
  <button type="button" @click=${leave}>${t("desk.cancel")}</button>
  <button value="yes" class=${kind}>${action}</button>
</div>`;

/** @param {import("./found.js").Thing} thing @param {string} reason of the search @returns {Promise<string>} the reason; "" for keeping it */
export async function toErase({ kind, name }, reason) {
  const { answer, given } = await asked("desk-title", html`<form method="dialog">
    <h2 id="desk-title">${t(`erase.${kind}`)}</h2>
    <p><strong>${name}</strong></p>
    <p>${t(`erase.${kind}.body`)}</p>
    ${why(reason, t("desk.eraseHint"))}
    ${choice(t("desk.erase"), "danger")}
  </form>`);
  return answer === "yes" ? given.reason.trim() : "";
}

/** @param {string} name what is held @param {string} reason of the search @returns {Promise<{ name: string, reason: string } | null>} */
export async function held(name, reason) {
  const { answer, given } = await asked("desk-title", html`<form method="dialog">
    <h2 id="desk-title">${t("hold.title")}</h2>
    <p>${t("hold.body", { name })}</p>
    ${field({ name: "name", within: "desk", label: t("hold.for"), hint: t("hold.forHint"), required: true })}
    ${why(reason, t("desk.holdHint"))}
    ${choice(t("desk.hold"), "primary")}
  </form>`);
  return answer === "yes" ? { name: given.name.trim(), reason: given.reason.trim() } : null;
}

/** @param {string} hold its name @param {string} name what is held @returns {Promise<string>} the reason; "" for going on */
export async function toRelease(hold, name) {
  const { answer, given } = await asked("desk-title", html`<form method="dialog">
    <h2 id="desk-title">${t("hold.endTitle")}</h2>
    <p><strong>${hold}</strong>${name ? html` · ${name}` : nothing}</p>
    <p>${t("hold.endBody")}</p>
    ${why("", t("desk.holdHint"))}
    ${choice(t("hold.end"), "danger")}
  </form>`);
  return answer === "yes" ? given.reason.trim() : "";
}
