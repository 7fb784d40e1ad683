/** What was another at the last run of golden questions than at the one before, in sentences. */
import { html, nothing } from "../../shared/lit.js";
import { listed, t } from "../../shared/words.js";

/** @typedef {{ kind: string, names: string[], count: number }} Change */

const BEFORE_AND_AFTER = ["model", "embedder", "version"];

/** @param {Change} one @returns {string} */
export function change({ kind, names, count }) {
  if (BEFORE_AND_AFTER.includes(kind)) {
    const [before, after] = names.map((name) => name || t("golden.nothing"));
    return t(`golden.change.${kind}`, { before, after });
  }
  const said = kind === "settings" ? names.map((name) => t(`golden.setting.${name}`)) : names.map((name) => `“${name}”`);
  const more = count > names.length && names.length ? [t("golden.more", { count: count - names.length })] : [];
  return t(`golden.change.${kind}`, { count, names: listed([...said, ...more]) });
}

/** @param {Change[]} changed @param {import("./quality.js").Result[]} results */
export function changes(changed, results) {
  const worse = results.filter((one) => one.passed_before === true && !one.passed).length;
  const better = results.filter((one) => one.passed_before === false && one.passed).length;
  if (!changed.length) return nothing;
  const turned = [worse && t("golden.worse", { count: worse }), better && t("golden.better", { count: better })].filter(Boolean);
  return html`<div><h3>${t("golden.changed")}</h3>
    <ul class="changed">${changed.map((one) => html`<li>${change(one)}</li>`)}</ul>
    <p class="sub">${turned.length ? turned.join(" ") : t("golden.same")}</p></div>`;
}
