/**
 * Light or dark whatever the reader's own choice is: the rules that ask for it are found in the
 * style sheets and told the answer.
 */

/** @type {WeakSet<CSSMediaRule>} */
const asking = new WeakSet();
const ANSWERS = { light: "not all", dark: "all", system: "(prefers-color-scheme: dark)" };

/** @param {unknown} scheme "light", "dark", or "system" for what the computer says; anything else leaves things as they are */
export function force(scheme) {
  if (scheme !== "light" && scheme !== "dark" && scheme !== "system") return;
  document.documentElement.style.colorScheme = scheme === "system" ? "" : scheme;
  for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
    if (!(rule instanceof CSSMediaRule)) continue;
    if (rule.media.mediaText.includes("prefers-color-scheme: dark")) asking.add(rule);
    if (asking.has(rule)) rule.media.mediaText = ANSWERS[scheme];
  }
}
