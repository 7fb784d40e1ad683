/** What visitors are told before they may ask: the form, and the versions there were. */
import { get } from "../../shared/api.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { answers, choice, field } from "../parts/field.js";

/** @typedef {import("../../widget/notice.js").Notice & { created_at: string }} Notice */
/** @typedef {{ save: (changed: Record<string, unknown>) => void, show: () => void }} Does */

const FIELDS = /** @type {const} */ (["basis", "text", "controller", "contact", "purpose", "link"]);

/** @param {string} assistant @returns {Promise<Notice[]>} the newest fifty */
export const versions = async (assistant) => (await get(`/api/assistants/${assistant}/notices`)).items;

/** @param {import("./visitors.js").Sheet} sheet @param {Notice[] | null} told @param {Does} does */
export const notice = (sheet, told, does) => html`<section aria-labelledby="visitors-notice">
  <h2 id="visitors-notice">${t("visitors.notice")}</h2>
  <p class="hint">${t("visitors.noticeHint", { version: sheet.notice.version, date: date(sheet.notice.created_at) })}</p>
  <form @submit=${(/** @type {SubmitEvent} */ event) => does.save(changes(sheet, answers(event)))}>
    ${choice({ name: "basis", label: t("visitors.basis"), hint: t("visitors.basis.hint"), value: sheet.notice.basis, options: [["acknowledgement", t("visitors.acknowledgement")], ["consent", t("visitors.consent")]] })}
    ${field({ name: "text", label: t("visitors.text"), hint: t("visitors.empty"), type: "textarea", rows: 5, maxlength: 4000, value: sheet.notice.text })}
    <div class="grid">
      ${line("controller", sheet)}${line("contact", sheet)}${line("purpose", sheet)}
      ${field({ name: "link", label: t("visitors.link"), type: "url", maxlength: 500, value: sheet.notice.link })}
      ${field({ name: "keep_days", label: t("visitors.keep"), hint: t("visitors.keep.hint"), type: "number", value: String(sheet.keep_days ?? "") })}
    </div>
    <div class="row end"><button class="primary">${t("visitors.saveNotice")}</button></div>
  </form>
  ${told ? earlier(told) : html`<div><button type="button" class="small" @click=${does.show}>${t("visitors.versions")}</button></div>`}
</section>`;

/** @param {"controller" | "contact" | "purpose"} name @param {import("./visitors.js").Sheet} sheet */
const line = (name, sheet) => field({ name, label: t(`notice.${name}`), maxlength: 500, value: sheet.notice[name] });

/** @param {Notice[]} told */
const earlier = (told) => html`<div class="scroll"><table>
  <caption class="unseen">${t("visitors.versions")}</caption>
  <thead><tr><th scope="col">${t("visitors.version")}</th><th scope="col">${t("visitors.text")}</th><th scope="col">${t("notice.retention")}</th></tr></thead>
  <tbody>${told.map((one) => html`<tr><th scope="row">${one.version}<span class="sub">${date(one.created_at, true)}</span></th>
    <td>${one.text}${one.basis === "consent" ? html`<span class="sub">${t("visitors.consent")}</span>` : nothing}</td><td>${one.retention}</td></tr>`)}</tbody>
</table></div>`;

/** @param {import("./visitors.js").Sheet} sheet @param {Record<string, string>} given */
function changes(sheet, given) {
  const written = FIELDS.filter((name) => given[name].replaceAll("\r\n", "\n") !== sheet.notice[name]);
  const days = given.keep_days ? Number(given.keep_days) : null;
  return {
    ...(written.length && { notice: Object.fromEntries(written.map((name) => [name, given[name].replaceAll("\r\n", "\n")])) }),
    ...(days !== sheet.keep_days && { keep_days: days }),
  };
}
