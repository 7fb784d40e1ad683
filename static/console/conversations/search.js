/** What conversations are looked for by: the form, and the same as an address and as a query. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { midnight } from "../days.js";
import { choice, field } from "../parts/field.js";

/** @typedef {{ q: string, owner: string, assistant: string, outcome: string, thumb: string, from: string, to: string }} Sought */

const NAMES = /** @type {const} */ (["q", "owner", "assistant", "outcome", "thumb", "from", "to"]);

/** @param {URLSearchParams} query of the page's address @param {boolean} everybody @returns {Sought} what it may ask for: of one's own no owner, of others no words */
export function sought(query, everybody) {
  const told = /** @type {Sought} */ (Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""])));
  return { ...told, [everybody ? "q" : "owner"]: "" };
}

/** @param {boolean} everybody @param {Partial<Sought>} wanted @returns {string} the page's address with it */
export function address(everybody, wanted) {
  const query = String(filled(wanted));
  return `#/conversations${everybody ? "/all" : ""}${query && `?${query}`}`;
}

/** The question to the server: days are the reader's own, from their first moment to their last. @param {Sought} wanted */
export const query = (wanted) => filled({ ...wanted, from: midnight(wanted.from, 0), to: midnight(wanted.to, 1) });

/** @param {Sought} wanted */
export const filters = (wanted) => Object.values(wanted).some(Boolean);

/** @param {Partial<Sought>} wanted */
const filled = (wanted) => new URLSearchParams(NAMES.map((name) => [name, wanted[name] ?? ""]).filter(([, value]) => value));

/** @param {string} name @param {string} value @param {string[]} options */
const chosen = (name, value, options) => choice({ name, label: t(`talks.by_${name}`), value, options: [["", t("talks.either")], ...options.map((one) => /** @type {const} */ ([one, t(`talks.is_${one}`)]))] });

/**
 * @param {Sought} wanted @param {boolean} everybody @param {Map<string, string>} names the assistants'
 * @param {(event: SubmitEvent) => void} find
 */
export const form = (wanted, everybody, names, find) => html`<form class="leaf seek talks-seek" role="search" @submit=${find}>
  ${everybody ? field({ name: "whose", label: t("talks.whose"), hint: t("talks.whoseHint") }) : field({ name: "q", label: t("talks.words"), hint: t("talks.wordsHint"), value: wanted.q })}
  ${choice({ name: "assistant", label: t("talks.assistant"), value: wanted.assistant, options: [["", t("talks.any")], ...names] })}
  ${chosen("outcome", wanted.outcome, ["answered", "refused"])}
  ${chosen("thumb", wanted.thumb, ["good", "bad"])}
  ${field({ name: "from", label: t("talks.from"), type: "date", value: wanted.from })}
  ${field({ name: "to", label: t("talks.to"), type: "date", value: wanted.to })}
  ${everybody ? html`<p class="hint about">${t("talks.noWords")}</p>` : nothing}
  <div class="row end">${filters(wanted) ? html`<a class="button quiet" href=${address(everybody, {})}>${t("talks.clear")}</a>` : nothing}<button class="primary">${t("talks.find")}</button></div>
</form>`;
