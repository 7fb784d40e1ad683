/** Why a sentence was not confirmed, in words: on the page and for a screen reader alike. */
import { t } from "./words.js";

const REASONS = ["number", "date", "name", "negation", "unit", "words"];

/**
 * @param {import("./types").Sentence} sentence an unsupported one
 * @returns {string}
 */
export function doubt({ reason }) {
  if (!reason || !REASONS.includes(reason)) return t("answer.unsupported");
  return t("answer.unsupportedFor", { reason: t(`doubt.${reason}`) });
}

/** Escape puts the doubt away, and closes nothing else. @param {KeyboardEvent} event */
export function quietly(event) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  /** @type {HTMLElement} */ (event.currentTarget).blur();
}
