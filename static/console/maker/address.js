/** An address on the web instead of files: a source of the collection, read at once. */
import { request } from "../../shared/api.js";
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { field } from "../parts/field.js";

/** @param {string} collection @param {string} address */
export async function begin(collection, address) {
  const whole = /^https?:\/\//i.test(address) ? address : ["https", address].join("://");
  const { id } = await request("POST", `/api/collections/${collection}/sources`, { kind: "page", address: whole, schedule: "weekly mon 03:00" });
  await request("POST", `/api/sources/${id}/run`, {});
}

/** @param {boolean} begun @param {(event: SubmitEvent) => void} read */
export const addressForm = (begun, read) => html`<form class="row add" @submit=${read}>
  ${field({ name: "address", label: t("address.label"), hint: begun ? t("address.begun") : t("address.hint"), required: true, maxlength: 2000 })}
  <button>${t("address.read")}</button>
</form>`;
