/** Asks for a golden question and what is expected of its answer. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { asked as dialog } from "../parts/dialog.js";
import { field, lines } from "../parts/field.js";

/** Not a button of the form: Enter in its field would press it, the first one. @param {Event} event */
const leave = (event) => /** @type {HTMLElement} */ (event.target).closest("dialog")?.close();

/** What is expected of an answer has no place where a refusal is. @param {Event} event */
function refusing(event) {
  const box = /** @type {HTMLInputElement} */ (event.target);
  const expected = /** @type {HTMLFieldSetElement} */ (box.form?.querySelector("fieldset"));
  expected.disabled = box.checked;
}

/**
 * @param {import("./quality.js").Golden | null} one @param {string[]} titles of the documents that there are
 * @returns {Promise<Record<string, unknown> | null>} what is to be kept; null for leaving it
 */
export async function asked(one, titles) {
  const { answer, given } = await dialog("golden-form", html`<form method="dialog" class="golden-form">
    <h2 id="golden-form">${t(one ? "golden.editTitle" : "golden.add")}</h2>
    ${field({ name: "question", within: "golden", label: t("golden.question"), hint: t("golden.questionHint"), required: true, maxlength: 2000, value: one?.question ?? "" })}
    <label class="check"><input type="checkbox" name="must_refuse" value="yes" ?checked=${one?.must_refuse} @change=${refusing}><span>${t("golden.mustRefuseLabel")}</span></label>
    <fieldset ?disabled=${one?.must_refuse}><legend>${t("golden.expected")}</legend>
      <div class="field"><label for="golden-document">${t("golden.document")}</label>
        <input id="golden-document" name="document" list="golden-documents" maxlength="300" autocomplete="off" aria-describedby="golden-document-hint" .value=${one?.document ?? ""}>
        <datalist id="golden-documents">${titles.map((title) => html`<option value=${title}></option>`)}</datalist>
        <p class="hint" id="golden-document-hint">${t("golden.documentHint")}</p></div>
      <div class="field"><label for="golden-page">${t("golden.page")}</label>
        <input id="golden-page" name="page" type="number" min="1" max="999999" .value=${String(one?.page ?? "")}></div>
      ${field({ name: "phrases", within: "golden", label: t("golden.phrases"), hint: t("golden.phrasesHint"), type: "textarea", rows: 3, maxlength: 5000, value: (one?.phrases ?? []).join("\n") })}
    </fieldset>
    <div class="row end">
      <button type="button" @click=${leave}>${t("golden.leave")}</button>
      <button value="yes" class="primary">${t("golden.keep")}</button>
    </div>
  </form>`);
  if (answer !== "yes") return null;
  return {
    question: given.question,
    document: given.document ?? "",
    page: given.page ? Number(given.page) : null,
    phrases: lines(given.phrases ?? ""),
    must_refuse: given.must_refuse === "yes",
  };
}
