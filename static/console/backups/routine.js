/** The routine: the passphrase, the days, the folder, and how many backups stay. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { field } from "../parts/field.js";

/**
 * @typedef {object} Routine
 * @property {boolean} passphrase whether one is kept
 * @property {string[]} days
 * @property {string} at a time of the server, "02:30"
 * @property {string} folder "" for the data folder's own
 * @property {string} place where backups go
 * @property {boolean} beside_data whether that is the disk of the data
 * @property {string | null} next_at
 * @property {number} keep_days
 * @property {number} keep_weeks
 * @property {number} keep_months
 * @property {number} kept_days for how long a backup may stay
 * @property {number} backup_days for how long the office says that it keeps copies
 */

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const COUNTS = /** @type {const} */ (["keep_days", "keep_weeks", "keep_months"]);

/** @param {Routine} kept @param {FormData} given @returns {Record<string, unknown>} what differs from how it stands */
export function changes(kept, given) {
  const told = {
    days: DAYS.filter((day) => given.getAll("days").includes(day)),
    at: String(given.get("at") ?? ""),
    folder: String(given.get("folder") ?? "").trim(),
    ...Object.fromEntries(COUNTS.map((name) => [name, Number(given.get(name))])),
  };
  const phrase = String(given.get("passphrase") ?? "").trim();
  const entries = Object.entries(told).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(kept[/** @type {keyof Routine} */ (name)]));
  return { ...Object.fromEntries(entries), ...(phrase && { passphrase: phrase }) };
}

/** @param {Routine} kept @param {(event: SubmitEvent) => void} save */
export const routine = (kept, save) => html`<section class="leaf" aria-labelledby="backups-routine">
  <h2 id="backups-routine">${t("backups.routine")}</h2>
  <form @submit=${save}>
    <div>${field({ name: "passphrase", within: "backups", label: t("backups.phrase"), hint: t("backups.phrase.hint"), maxlength: 500, minlength: 12, placeholder: kept.passphrase ? t("backups.phrase.kept") : "" })}
      <p class="weighty">${t("backups.phrase.warning")}</p></div>
    <fieldset class="field"><legend>${t("backups.days")}</legend>
      <div class="row week">${DAYS.map((day) => html`<label class="check"><input type="checkbox" name="days" value=${day} .checked=${kept.days.includes(day)}><span>${t(`backups.day.${day}`)}</span></label>`)}</div>
      <p class="hint">${t("backups.days.hint")}</p></fieldset>
    ${field({ name: "at", within: "backups", label: t("backups.at"), hint: t("backups.at.hint"), type: "time", value: kept.at, required: true })}
    <div>${field({ name: "folder", within: "backups", label: t("backups.folder"), hint: t("backups.folder.hint"), value: kept.folder, maxlength: 500, placeholder: kept.folder ? "" : kept.place })}
      ${kept.beside_data ? html`<p class="weighty">${t("backups.folder.beside")}</p>` : nothing}</div>
    <fieldset class="field"><legend>${t("backups.keep")}</legend>
      <div class="row keep">${COUNTS.map((name) => field({ name, within: "backups", label: t(`backups.${name}`), type: "number", value: String(kept[name]), required: true }))}</div>
      <p class="hint">${t("backups.keep.hint")}</p>
      ${kept.kept_days > kept.backup_days ? html`<p class="weighty">${t("backups.keep.long", { kept: kept.kept_days, said: kept.backup_days })}</p>` : nothing}</fieldset>
    <div class="row end"><button class="primary">${t("settings.save")}</button></div>
  </form>
</section>`;
