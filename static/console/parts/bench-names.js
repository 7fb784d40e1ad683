/** What the bench's signals and facts are called; one that is new here keeps its own name. */
import { t } from "../../shared/words.js";

/** @param {"signal" | "fact"} kind @param {string} name */
export function known(kind, name) {
  const said = kind === "signal" ? t(`signal.${name}`) : t(`fact.${name}`);
  return said === `${kind}.${name}` ? name : said;
}
