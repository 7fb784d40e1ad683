/** Asks how a document is to be read again: in which language, by OCR or not, which pages. */
import { all } from "../../shared/api.js";
import { html, nothing } from "../../shared/lit.js";
import { LANGUAGES, NAMES, t } from "../../shared/words.js";
import { asked } from "./dialog.js";
import { choice } from "./field.js";

/** @typedef {{ language?: string, ocr: string, pages?: number[] }} Wish */

/**
 * @param {import("../../shared/types").DocumentRecord} one @param {number} number the page that is open
 * @returns {Promise<Wish | null>} null when the person would rather not
 */
export async function wished(one, number) {
  const form = await answered(one, number);
  if (!form) return null;
  // The form of the document's facts, on the page below, has a language too.
  const { "again-language": language, "again-ocr": ocr, "again-pages": which } = form;
  /** @type {Wish} */
  const wish = { ocr, ...(language && { language }) };
  if (which === "page") wish.pages = [number];
  if (which === "to_check") {
    const found = await all(`/api/documents/${one.id}/pages?only=to_check&text=false`);
    wish.pages = found.map((page) => page.number);
  }
  return wish;
}

/**
 * @param {import("../../shared/types").DocumentRecord} one @param {number} number
 * @returns {Promise<Record<string, string> | null>} what was filled in
 */
async function answered(one, number) {
  const parts = one.state === "ready" && one.pages > 1;
  /** @type {[string, string][]} */
  const which = [["all", t("again.all")], ["page", t("again.page", { page: number })]];
  if (one.pages_to_check) which.push(["to_check", t("again.toCheck", { count: one.pages_to_check })]);
  const { answer, given } = await asked("again-title", html`<form method="dialog">
    <h2 id="again-title">${t("again.title")}</h2>
    ${choice({ name: "again-ocr", label: t("again.ocr"), hint: t("again.ocrHint"), value: one.ocr ?? "auto", options: [["auto", t("again.auto")], ["always", t("again.always")], ["never", t("again.never")]] })}
    ${choice({ name: "again-language", label: t("again.language"), value: "", options: [["", t("again.sameLanguage")], ...LANGUAGES.map((language) => /** @type {[string, string]} */ ([language, NAMES[language]]))] })}
    ${parts ? choice({ name: "again-pages", label: t("again.which"), hint: t("again.whichHint"), value: "all", options: which }) : nothing}
    <div class="row end"><button value="no" formnovalidate>${t("confirm.no")}</button><button value="yes" class="primary">${t("documents.again")}</button></div>
  </form>`);
  return answer === "yes" ? given : null;
}
