/** What is looked for in the record: the form, and the same as an address and as a query. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { midnight } from "../days.js";
import { choice, field } from "../parts/field.js";
import { actName } from "./sentences.js";

/** @typedef {{ q: string, who: string, act: string, subject: string, from: string, to: string }} Sought */

const NAMES = /** @type {const} */ (["q", "who", "act", "subject", "from", "to"]);

/** @param {URLSearchParams} query of the page's address @returns {Sought} */
export const sought = (query) => /** @type {Sought} */ (Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])));

/** @param {Sought} wanted @returns {string} the page's address with it */
export function address(wanted) {
  const query = String(filled({ ...wanted }));
  return `#/audit${query && `?${query}`}`;
}

/** The question to the server: days are the reader's own, from their first moment to their last. @param {Sought} wanted */
export function query(wanted) {
  return filled({ ...wanted, from: midnight(wanted.from, 0), to: midnight(wanted.to, 1) });
}

/** @param {Record<string, string>} wanted */
const filled = (wanted) => new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));

/** @param {Sought} wanted @param {string[]} acts @param {(event: SubmitEvent) => void} find */
export const form = (wanted, acts, find) => html`<form class="leaf seek" role="search" @submit=${find}>
  ${field({ name: "q", label: t("audit.words"), hint: t("audit.wordsHint"), value: wanted.q })}
  ${field({ name: "who", label: t("audit.who"), value: wanted.who })}
  ${choice({ name: "act", label: t("audit.act"), value: wanted.act, options: [["", t("audit.anyAct")], ...acts.map((one) => /** @type {const} */ ([one, actName(one)]))] })}
  ${field({ name: "from", label: t("audit.from"), type: "date", value: wanted.from })}
  ${field({ name: "to", label: t("audit.to"), type: "date", value: wanted.to })}
  ${wanted.subject ? html`<p class="hint about">${t("audit.about", { id: wanted.subject })}</p>` : nothing}
  <div class="row end">${Object.values(wanted).some(Boolean) ? html`<a class="button quiet" href="#/audit">${t("audit.clear")}</a>` : nothing}<button class="primary">${t("audit.find")}</button></div>
</form>`;
