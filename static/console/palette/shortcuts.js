/** The keys that work everywhere in the console. */
import { person } from "../session.js";

/** How the palette's keys are called here. */
export const paletteKeys = () => (/mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘K" : "Ctrl K");

/** Opens the palette, unless something else is to be answered first. */
export async function summon() {
  if (!person() || document.querySelector("dialog[open]")) return;
  const { openPalette } = await import("./palette.js");
  const { assistants, open } = /** @type {import("../parts/shell.js").Shell} */ (document.querySelector("balcao-shell"));
  if (!document.querySelector("dialog[open]")) openPalette(assistants, open);
}

/** @param {KeyboardEvent} event */
function press(event) {
  const palette = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  if (!palette || !person()) return;
  event.preventDefault(); // of a browser it is the field for addresses
  void summon();
}

export const listen = () => window.addEventListener("keydown", press);
