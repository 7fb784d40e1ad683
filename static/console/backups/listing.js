/** The backups that there are, each with what its last proof found. */
import { html, nothing } from "../../shared/lit.js";
import { date, number, size, t } from "../../shared/words.js";

/** @typedef {{ id: string, file: string, made_at: string, bytes: number, documents: number, program: string, verified_at: string | null, problem: { detail: string } | null }} Backup */

/** @param {Backup[]} items @param {(one: Backup) => void} verify */
export const listing = (items, verify) => html`<div class="scroll"><table class="documents">
  <thead><tr><th scope="col">${t("backups.made")}</th><th scope="col">${t("backups.size")}</th><th scope="col">${t("backups.proof")}</th><th scope="col"><span class="unseen">${t("backups.verify")}</span></th></tr></thead>
  <tbody>${items.map((one) => row(one, verify))}</tbody></table></div>`;

/** @param {Backup} one @param {(one: Backup) => void} verify */
const row = (one, verify) => html`<tr>
  <th scope="row">${date(one.made_at, true)}<span class="sub address">${one.file}</span></th>
  <td class="count" data-label=${t("backups.size")}>${size(one.bytes)}<span class="sub">${t("backups.documents", { count: one.documents, shown: number(one.documents) })}</span></td>
  <td class="state" data-label=${t("backups.proof")}><span class="light ${light(one)}">${t(`backups.is.${standing(one)}`)}</span>
    ${one.verified_at ? html`<span class="sub">${t("backups.verifiedAt", { date: date(one.verified_at, true) })}</span>` : nothing}
    ${one.problem ? html`<p class="problem">${one.problem.detail}</p>` : nothing}</td>
  <td class="do"><button type="button" class="small" aria-label=${t("backups.verifyNamed", { date: date(one.made_at, true) })} @click=${() => verify(one)}>${t("backups.verify")}</button></td>
</tr>`;

/** @param {Backup} one @returns {"failed" | "verified" | "unproven"} */
const standing = (one) => (one.problem ? "failed" : one.verified_at ? "verified" : "unproven");

/** @param {Backup} one @returns {string} the class of its light */
const light = (one) => ({ failed: "failed", verified: "ready", unproven: "wanting" })[standing(one)];
