/** Which engine writes for an assistant, for those who may say so, and what comes of it. */
import { html, nothing } from "../../shared/lit.js";
import { leaving } from "./drawings.js";
import { t } from "../../shared/words.js";
import { choice } from "./field.js";

/** @typedef {import("../../shared/types").Engine} Engine */

/**
 * @param {Engine[]} engines
 * @param {string} kept the id of the one that writes now; "" is the built-in one
 * @param {string} chosen the id of the one in the form
 */
export function engineChoice(engines, kept, chosen) {
  if (!engines.length) return nothing;
  const one = engines.find(({ id }) => id === chosen);
  const options = engines.map((each) => /** @type {[string, string]} */ ([each.id, each.leaves_building ? t("assistant.engineOutside", { name: each.name }) : each.name]));
  return html`${choice({ name: "engine", label: t("assistant.engine"), hint: t("assistant.engineHint"), value: kept, options: [["", t("assistant.builtIn")], ...options] })}
    <div role="status">
      ${one?.leaves_building ? html`<p class="leaves">${leaving()}<span>${t("assistant.engineLeaves", { name: one.name })}</span></p>` : nothing}
      ${one?.problem ? html`<p class="problem">${one.problem.detail}</p>` : nothing}
    </div>`;
}
