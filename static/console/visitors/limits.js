/** How much visitors may ask, and what they asked today. */
import { html } from "../../shared/lit.js";
import { number, t } from "../../shared/words.js";
import { answers } from "../parts/field.js";

/** What can be set, each with the most it can be. @type {[string, number][]} */
const FIELDS = [["per_session", 10000], ["per_address", 10000], ["sessions_per_address", 10000], ["per_minute", 10000], ["at_once", 64], ["per_day", 1000000]];

/** @param {import("./visitors.js").Sheet} sheet @param {(changed: Record<string, number>) => void} save */
export const limits = (sheet, save) => html`<section aria-labelledby="visitors-limits">
  <h2 id="visitors-limits">${t("visitors.limits")}</h2>
  <p class="hint">${t("visitors.limitsHint")}</p>
  ${used(sheet)}
  <form @submit=${(/** @type {SubmitEvent} */ event) => save(changes(sheet, answers(event)))}>
    <div class="grid">${FIELDS.map(([name, most]) => field(name, sheet.limits[name], most))}</div>
    <div class="row end"><button class="primary">${t("visitors.save")}</button></div>
  </form>
</section>`;

/** @param {import("./visitors.js").Sheet} sheet */
function used({ limits: { per_day: most }, today, under_way: now }) {
  const asked = today.questions;
  const said = asked === null ? t("visitors.few") : t("visitors.used", { asked, most });
  return html`<div class="used">
    <p><strong>${said}</strong>${today.visitors === null ? "" : ` · ${t("visitors.people", { count: today.visitors })}`} · ${t("visitors.now", { count: now })}</p>
    <progress max=${most} value=${asked ?? 0} aria-label=${t("visitors.usedLabel")}>${number(asked ?? 0)}</progress>
  </div>`;
}

/** @param {string} name @param {number} value @param {number} most */
const field = (name, value, most) => html`<div class="field">
  <label for="limit-${name}">${t(`visitors.${name}`)}</label>
  <input id="limit-${name}" name=${name} type="number" min="1" max=${most} step="1" required .value=${String(value)} aria-describedby="limit-${name}-hint">
  <p class="hint" id="limit-${name}-hint">${t(`visitors.${name}.hint`)}</p>
</div>`;

/** @param {import("./visitors.js").Sheet} sheet @param {Record<string, string>} given */
const changes = (sheet, given) => Object.fromEntries(
  FIELDS.map(([name]) => /** @type {const} */ ([name, Number(given[name])])).filter(([name, value]) => value !== sheet.limits[name]),
);
