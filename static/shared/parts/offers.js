/** Who said an answer that is not from documents, and questions to ask next. */
import { html, nothing } from "../lit.js";
import { t } from "../words.js";
import { done } from "./icons.js";
import "./rare.js";

/** @param {import("../types").Answer} answer @returns {unknown} that people approved it */
export const approval = ({ said_by }) => (said_by === "office" ? html`<p class="aside approved">${done()}<span>${t("answer.approved")}</span></p>` : nothing);

/**
 * Fires `ask` with the question that was chosen (bubbles, can be refused): where nobody takes
 * it, an answer is only to be read.
 * @param {import("../types").Answer} answer @param {HTMLElement} from
 */
export function offers({ said_by, offers: questions = [] }, from) {
  if (!questions.length) return nothing;
  const ask = (/** @type {string} */ detail) => from.dispatchEvent(new CustomEvent("ask", { bubbles: true, detail }));
  const label = said_by === "house" ? t("answer.askNext") : t("answer.didYouMean");
  return html`<div class="offers"><p class="label">${label}</p><ul class="suggestions" aria-label=${label}>
    ${questions.map((one) => html`<li><button type="button" @click=${() => ask(one)}>${one}</button></li>`)}
  </ul></div>`;
}
