/** The drawings that only the console has, beside the shared ones: the widget does not carry them. */
import { html, svg } from "../../shared/lit.js";
import { icon } from "../../shared/parts/icons.js";

export * from "../../shared/parts/icons.js";

/** A sheet of paper lying on a counter. */
export const mark = () => html`<svg class="mark" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" focusable="false"
  fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round">
  ${svg`<path d="M8.5 19.5V4.5h7.5l4 4v11"/><path d="M16 4.5v4h4"/><path d="M11.5 12.5h5M11.5 15.5h3"/><path d="M3 20h22" stroke-width="3"/>`}</svg>`;
export const menu = () => icon(svg`<path d="M3.5 6h13M3.5 10h13M3.5 14h13"/>`);
export const search = () => icon(svg`<circle cx="9" cy="9" r="5"/><path d="M12.8 12.8L16.5 16.5"/>`);
export const plus = () => icon(svg`<path d="M10 4v12M4 10h12"/>`);
export const paper = () => icon(svg`<path d="M5 17V3h6.5L15 6.5V17z"/><path d="M11.5 3v3.5H15M7.5 10h5M7.5 13h3.5"/>`);
export const upload = () => icon(svg`<path d="M10 13V4M6 8l4-4 4 4M3.5 13v3h13v-3"/>`);
export const bin = () => icon(svg`<path d="M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5"/>`);
export const people = () => icon(svg`<circle cx="10" cy="7" r="3"/><path d="M4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5"/>`);
export const folder = () => icon(svg`<path d="M3 15.5v-11h5l1.5 2H17v9z"/>`);
export const key = () => icon(svg`<circle cx="7" cy="13" r="3.5"/><path d="M9.5 10.5L16 4M13 7l2.5 2.5"/>`);
export const chip = () => icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1"/><path d="M8 5.5V3M12 5.5V3M8 17v-2.5M12 17v-2.5M5.5 8H3M5.5 12H3M17 8h-2.5M17 12h-2.5"/>`);
export const tune = () => icon(svg`<path d="M3 6h7M14 6h3M3 14h3M10 14h7"/><circle cx="12" cy="6" r="2"/><circle cx="8" cy="14" r="2"/>`);
export const record = () => icon(svg`<path d="M4 3.5h12v13H4z"/><path d="M7 7h6M7 10h6M7 13h3.5"/>`);
export const talk = () => icon(svg`<path d="M3 4.5h14v9H9l-3.5 3v-3H3z"/><path d="M6.5 9h7"/>`);
export const pulse = () => icon(svg`<path d="M3 10.5h3.5l2-5 3 9 2-4H17"/>`);
export const braces = () => icon(svg`<path d="M8 4H6.5v4L4.5 10l2 2v4H8M12 4h1.5v4l2 2-2 2v4H12"/>`);
export const shield = () => icon(svg`<path d="M10 3l6 2v4.5c0 3.5-2.4 6-6 7.5-3.6-1.5-6-4-6-7.5V5z"/><path d="M7.5 10l2 2 3.5-4"/>`);
export const columns = () => icon(svg`<path d="M3 16.5h14M5 13.5v-3M9 13.5V5M13 13.5V8M16 13.5v-2"/>`);
/** A box that is shut, with its lid. */
export const vault = () => icon(svg`<path d="M3 4h14v4H3zM4.5 8v8.5h11V8M8 11.5h4"/>`);
/** One thing after the other. */
export const steps = () => icon(svg`<path d="M8 5.5h9M8 10h9M8 14.5h9"/><path d="M3 5.5l1 1 1.5-2M3 10l1 1 1.5-2M3.5 14.5h1.5"/>`);
/** The bell on a counter. */
export const bell = () => icon(svg`<path d="M3 15.5h14M4.5 13a5.5 5.5 0 0 1 11 0M10 7.5V5M8.5 5h3"/>`);
/** Where what was handed over lies. */
export const tray = () => icon(svg`<path d="M3 11.5l2.5-7h9l2.5 7V16H3z"/><path d="M3 11.5h4l1 2h4l1-2h4"/>`);
/** People who belong together. */
export const several = () => icon(svg`<circle cx="7.5" cy="7.5" r="2.5"/><circle cx="13.5" cy="8" r="2"/><path d="M2.5 16c.4-2.6 2.3-4 5-4s4.6 1.4 5 4M13 12.5c2.5-.2 4.1 1 4.5 3"/>`);
