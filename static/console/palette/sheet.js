/** The sheet of the keys: what each does, for the pages that this person may see. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { asked } from "../parts/dialog.js";
import { ways } from "../ways.js";
import { paletteKeys, singleKeys } from "./shortcuts.js";

/** @param {string} keys @param {string} does */
const line = (keys, does) => html`<div><dt>${keys.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${does}</dd></div>`;

export function openSheet() {
  return asked("keys-title", html`<form method="dialog" class="keys">
    <h2 id="keys-title" tabindex="-1" autofocus>${t("shortcuts.title")}</h2>
    ${singleKeys() ? nothing : html`<p class="note">${t("shortcuts.areOff")}</p>`}
    <h3>${t("shortcuts.everywhere")}</h3>
    <dl>${line(paletteKeys(), t("shortcuts.palette"))}${line("/", t("shortcuts.search"))}${line("?", t("shortcuts.sheet"))}${line("Esc", t("shortcuts.escape"))}</dl>
    <h3>${t("shortcuts.go")}</h3>
    <dl class="many">${ways().map((way) => line(`g ${way.letter}`, t(way.word)))}</dl>
    <h3>${t("shortcuts.source")}</h3>
    <dl>${line("n p", t("shortcuts.sources"))}${line("+ -", t("shortcuts.size"))}${line("t", t("shortcuts.text"))}</dl>
    <p class="hint">${t("shortcuts.off")}</p>
    <div class="row end"><button class="primary">${t("palette.close")}</button></div>
  </form>`);
}
