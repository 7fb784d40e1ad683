/** An assistant once more: a copy beside it, or a signed file to take along. */
import { ask, request } from "../../shared/api.js";
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { go } from "../routes.js";
import { kept } from "./keeping.js";

/** @typedef {import("../../shared/types").Assistant} Assistant */

/** @param {Assistant} one @param {(problem: string) => void} refused */
export function copies(one, refused) {
  const trying = (/** @type {() => Promise<void>} */ work) => () => { work().catch((error) => refused(error.message)); };
  const double = trying(async () => {
    const made = await request("POST", `/api/assistants/${one.id}/duplicate`);
    go(`#/assistants/${made.id}/behaviour`);
  });
  const take = trying(async () => {
    const response = await ask("GET", `/api/assistants/${one.id}/export`);
    kept(await response.blob(), `${one.slug}.balcao.json`);
  });
  return html`<section aria-labelledby="copies-title"><h2 id="copies-title">${t("copies.title")}</h2>
    <p class="hint">${t("copies.hint")}</p>
    <div class="row"><button type="button" @click=${double}>${t("copies.double")}</button>
      <button type="button" @click=${take}>${t("copies.take")}</button></div>
  </section>`;
}
