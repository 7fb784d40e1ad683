/** An exported assistant, taken in: the file is chosen, and who signed it elsewhere is shown first. */
import { Problem, request } from "../../shared/api.js";
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { confirmed } from "../parts/confirm.js";
import { go } from "../routes.js";

/** @param {(problem: string) => void} refused */
export const importing = (refused) => html`<label class="button">${t("import.choose")}
  <input class="unseen" type="file" accept=".json,application/json" @change=${(/** @type {Event} */ event) => void chosen(event, refused)}></label>`;

/** @param {Event} event @param {(problem: string) => void} refused */
async function chosen(event, refused) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = await input.files?.[0]?.text();
  input.value = "";
  if (file === undefined) return;
  try {
    const made = await taken(file);
    if (made) go(`#/assistants/${made.id}/documents`);
  } catch (error) {
    refused(/** @type {Error} */ (error).message);
  }
}

/** @param {string} file */
async function taken(file) {
  try {
    return await request("POST", "/api/assistants/import", { file });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "bundle_unknown_signer") throw error;
    const sure = await confirmed({ title: t("import.title"), body: error.message, action: t("import.confirm"), kind: "primary" });
    if (!sure) return null;
    return request("POST", "/api/assistants/import", { file, confirmed: JSON.parse(file).signature.fingerprint });
  }
}
