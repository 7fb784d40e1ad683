/** Light, dark, or what the computer says: chosen for this browser. */
import { force } from "../shared/scheme.js";

const CHOSEN = "balcao.theme";
/** @typedef {"system" | "light" | "dark"} Theme */
/** @type {readonly Theme[]} */
export const THEMES = ["system", "light", "dark"];

/** @returns {Theme} */
export const theme = () => THEMES.find((one) => one === localStorage.getItem(CHOSEN)) ?? "system";

/** @param {string} chosen one of THEMES; kept for the next visit */
export function wear(chosen) {
  localStorage.setItem(CHOSEN, chosen);
  force(theme());
}

/** What was chosen before. */
export const dressed = () => force(theme());
