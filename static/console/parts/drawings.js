/** Drawings that only the console has: the widget does not carry them. */
import { svg } from "../../shared/lit.js";
import { icon } from "../../shared/parts/icons.js";

/** The bell on a counter. */
export const bell = () => icon(svg`<path d="M3 15.5h14M4.5 13a5.5 5.5 0 0 1 11 0M10 7.5V5M8.5 5h3"/>`);
/** People who belong together. */
export const several = () => icon(svg`<circle cx="7.5" cy="7.5" r="2.5"/><circle cx="13.5" cy="8" r="2"/><path d="M2.5 16c.4-2.6 2.3-4 5-4s4.6 1.4 5 4M13 12.5c2.5-.2 4.1 1 4.5 3"/>`);
export const shield = () => icon(svg`<path d="M10 3l6 2v4.5c0 3.5-2.4 6-6 7.5-3.6-1.5-6-4-6-7.5V5z"/><path d="M7.5 10l2 2 3.5-4"/>`);
