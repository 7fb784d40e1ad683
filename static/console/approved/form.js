/** The form of an approved answer: its questions, its words, and the page that it cites. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { choice, field, lines } from "../parts/field.js";

/** @typedef {import("./approved.js").Approved} Approved */
/** @typedef {{ id: string, title: string }} Citable */

/** @param {Approved | null} one @param {Citable[]} documents @param {(event: SubmitEvent) => void} save @param {() => void} leave */
export const form = (one, documents, save, leave) => html`<form class="leaf" aria-label=${one ? t("approved.changing") : t("approved.new")} @submit=${save}>
  ${field({ name: "questions", label: t("approved.questions"), hint: t("approved.questionsHint"), type: "textarea", rows: 3, maxlength: 5000, required: true, value: one?.questions.join("\n") ?? "" })}
  ${field({ name: "text", label: t("approved.text"), hint: t("approved.textHint"), type: "textarea", rows: 4, maxlength: 8000, required: true, value: one?.text ?? "" })}
  <details ?open=${Boolean(one?.cited)}><summary>${t("approved.cite")}</summary><div class="grid">
    ${choice({ name: "document", label: t("approved.document"), value: one?.cited?.document?.id ?? "", options: [["", t("approved.noDocument")], ...documents.map((each) => /** @type {[string, string]} */ ([each.id, each.title]))] })}
    ${field({ name: "page", label: t("approved.page"), type: "number", value: one?.cited?.page?.toString() ?? "" })}
    ${field({ name: "quote", label: t("approved.quote"), hint: t("approved.quoteHint"), maxlength: 1000, value: one?.cited?.quote ?? "" })}
  </div></details>
  <div class="row end"><button type="button" @click=${leave}>${t("approved.leave")}</button><button class="primary">${t("approved.save")}</button></div>
</form>`;

/** @param {Record<string, string>} given the form's fields @returns {Record<string, unknown>} as the server takes it */
export const draft = ({ questions, text, document: of, page, quote }) => ({
  questions: lines(questions),
  text,
  document: of || null,
  page: of && page ? Number(page) : null,
  quote: of ? quote : "",
});
