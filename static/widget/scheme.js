/**
 * Light or dark whatever the reader's own choice is, in the console's preview: the rules that
 * ask for it are found in the style sheets and told the answer.
 */

/** @type {WeakSet<CSSMediaRule>} */
const asking = new WeakSet();

/** @param {unknown} scheme "light" or "dark"; anything else leaves things as they are */
export function force(scheme) {
  if (scheme !== "light" && scheme !== "dark") return;
  document.documentElement.style.colorScheme = scheme;
  for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
    if (!(rule instanceof CSSMediaRule)) continue;
    if (rule.media.mediaText.includes("prefers-color-scheme: dark")) asking.add(rule);
    if (asking.has(rule)) rule.media.mediaText = scheme === "dark" ? "all" : "not all";
  }
}
