/**
 * The keys that work everywhere in the console.
 *
 * Two promises. A key of one sign does nothing while somebody types, nor while something is to be
 * answered; and whoever speaks to their computer, or has a hand that slips, switches them off in the
 * profile (WCAG 2.1.4). The keys of the palette stay: they are no sign that one types.
 */
import { go } from "../routes.js";
import { person } from "../session.js";
import { ways, wayTo } from "../ways.js";

const OFF = "balcao.shortcuts.off";
const PATIENCE = 1500; // milliseconds from "g" to the letter
const FIELDS = "input, textarea, select, [contenteditable]";
const SEARCHES = "input[type=search], [role=search] input:not([type=date])";

let since = -Infinity; // when "g" was pressed

/** How the palette's keys are called here. */
export const paletteKeys = () => (/mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘K" : "Ctrl K");

/** Whether keys of one sign do something in this browser. */
export const singleKeys = () => !localStorage.getItem(OFF);

/** @param {boolean} on */
export function allowSingleKeys(on) {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
}

const answering = () => Boolean(document.querySelector("dialog[open]"));

/** Opens the palette, unless something else is to be answered first. */
export async function summon() {
  if (!person() || answering()) return;
  const { openPalette } = await import("./palette.js");
  const { assistants, open } = /** @type {import("../parts/shell.js").Shell} */ (document.querySelector("balcao-shell"));
  if (!answering()) openPalette(assistants, open);
}

/** Opens the sheet of these keys. */
export async function explain() {
  const { openSheet } = await import("./sheet.js");
  if (!answering()) void openSheet();
}

/** To the field in which this page is searched; where it has none, everything is. */
function search() {
  const fields = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`main :is(${SEARCHES})`));
  const field = [...fields].find((one) => one.checkVisibility());
  if (field) field.focus();
  else void summon();
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (!person() || event.defaultPrevented || event.isComposing) return;
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k") {
    event.preventDefault(); // of a browser it is the field for addresses
    void summon();
  } else if (!ctrlKey && !metaKey && !altKey && singleKeys() && !answering() && !typing(event)) single(event);
}

/** @param {KeyboardEvent} event */
const typing = ({ target }) => target instanceof Element && Boolean(target.closest(FIELDS));

/** @param {KeyboardEvent} event */
function single(event) {
  const way = event.timeStamp - since < PATIENCE && ways().find(({ letter }) => letter === event.key.toLowerCase());
  since = event.key === "g" && !way ? event.timeStamp : -Infinity;
  const does = way ? () => go(wayTo(way)) : { "?": explain, "/": search }[event.key];
  if (!does) return;
  event.preventDefault(); // the sign is not to stand in the field that is reached
  void does();
}

export const listen = () => window.addEventListener("keydown", press);
