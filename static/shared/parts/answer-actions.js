/** What can be done with a finished answer: copy it with its sources, say whether it helped. */
import { html, nothing } from "../lit.js";
import { withSources } from "../text.js";
import { t } from "../words.js";
import { again as anew, copy, done, good, poor } from "./icons.js";
import { sourceName } from "./sources.js";

/** @typedef {import("../types").Exchange} Exchange */

const REASONS = ["wrong", "incomplete", "source", "unclear"];
/** @type {WeakSet<object>} answers copied a moment ago */
const copied = new WeakSet();
/** @type {WeakSet<object>} answers whose reader is choosing a reason */
const asking = new WeakSet();

/**
 * @param {Exchange} exchange
 * @param {import("../types").Answer} answer
 * @param {((good: boolean, reason?: string) => void) | null} rate null where nothing is asked of the reader
 * @param {(() => void) | null} again null while something else is being answered
 * @param {() => void} changed
 */
export function answerActions(exchange, answer, rate, again, changed) {
  const given = exchange.feedback;
  const put = async () => {
    await navigator.clipboard.writeText(withSources(answer, sourceName));
    copied.add(answer);
    changed();
    setTimeout(() => { copied.delete(answer); changed(); }, 2000);
  };
  /** @param {boolean} helped @param {string} [reason] */
  const say = (helped, reason) => {
    if (helped || reason) asking.delete(answer);
    else asking.add(answer);
    rate?.(helped, reason);
    changed();
  };
  return html`<div class="actions">
    <button type="button" class="quiet" @click=${put}>${copied.has(answer) ? done() : copy()}<span>${copied.has(answer) ? t("answer.copied") : t("answer.copy")}</span></button>
    ${rate ? askAgain(again) : nothing}
    <span class="space"></span>
    ${rate ? html`<button type="button" class="quiet" aria-pressed=${String(given?.good === true)} aria-label=${t("answer.good")} title=${t("answer.good")} @click=${() => say(true)}>${good()}</button>
    <button type="button" class="quiet" aria-pressed=${String(given?.good === false)} aria-label=${t("answer.poor")} title=${t("answer.poor")} @click=${() => say(false)}>${poor()}</button>` : nothing}
  </div>
  ${asking.has(answer) ? html`<div class="reasons" role="group" aria-label=${t("answer.why")}>
    <span>${t("answer.why")}</span>
    ${REASONS.map((reason) => html`<button type="button" class="small" @click=${() => say(false, reason)}>${t(`reason.${reason}`)}</button>`)}
  </div>` : nothing}
  ${given && !rate ? html`<p class="thanks">${t(given.good ? "answer.good" : "answer.poor")}${REASONS.includes(given.reason ?? "") ? ` · ${t(`reason.${given.reason}`)}` : nothing}</p>` : nothing}
  ${given && rate && !asking.has(answer) ? html`<p class="thanks" role="status">${t("answer.thanks")}</p>` : nothing}`;
}

/** @param {(() => void) | null} again */
export const askAgain = (again) => html`<button type="button" class="quiet again" aria-disabled=${String(!again)} @click=${() => again?.()}>${anew()}<span>${t("answer.again")}</span></button>`;
