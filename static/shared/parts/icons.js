/** The few drawings of the interface: one stroke weight, the colour of the text beside them. */
import { svg, html } from "../lit.js";

/** @param {unknown} paths */
export const icon = (paths) => html`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none"
  stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"
  aria-hidden="true" focusable="false">${paths}</svg>`;

/** A sheet of paper lying on a counter. */
export const mark = () => html`<svg class="mark" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" focusable="false"
  fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round">
  ${svg`<path d="M8.5 19.5V4.5h7.5l4 4v11"/><path d="M16 4.5v4h4"/><path d="M11.5 12.5h5M11.5 15.5h3"/><path d="M3 20h22" stroke-width="3"/>`}</svg>`;

export const ask = () => icon(svg`<path d="M10 16V4.5M5 9.5l5-5 5 5"/>`);
export const stop = () => icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1.5"/>`);
export const copy = () => icon(svg`<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 4.5V4a.5.5 0 0 0-.5-.5H4a.5.5 0 0 0-.5.5v8.5a.5.5 0 0 0 .5.5h.5"/>`);
export const good = () => icon(svg`<path d="M6.5 9v7.5H4V9zM6.5 9l3-5.5c1.2 0 2 .9 2 2V8h3.7c.9 0 1.5.8 1.3 1.7l-1.2 5.4c-.2.8-.9 1.4-1.7 1.4H6.5"/>`);
export const poor = () => icon(svg`<path d="M13.5 11V3.5H16V11zM13.5 11l-3 5.5c-1.2 0-2-.9-2-2V12H4.8c-.9 0-1.5-.8-1.3-1.7l1.2-5.4c.2-.8.9-1.4 1.7-1.4h7.1"/>`);
export const close = () => icon(svg`<path d="M5 5l10 10M15 5L5 15"/>`);
export const menu = () => icon(svg`<path d="M3.5 6h13M3.5 10h13M3.5 14h13"/>`);
export const next = () => icon(svg`<path d="M8 5l5 5-5 5"/>`);
export const back = () => icon(svg`<path d="M12 5l-5 5 5 5"/>`);
export const plus = () => icon(svg`<path d="M10 4v12M4 10h12"/>`);
export const paper = () => icon(svg`<path d="M5 17V3h6.5L15 6.5V17z"/><path d="M11.5 3v3.5H15M7.5 10h5M7.5 13h3.5"/>`);
export const upload = () => icon(svg`<path d="M10 13V4M6 8l4-4 4 4M3.5 13v3h13v-3"/>`);
export const bin = () => icon(svg`<path d="M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5"/>`);
export const warning = () => icon(svg`<path d="M10 3.5l7 12.5H3z"/><path d="M10 8.5v3.5M10 14h.01"/>`);
export const leaving = () => icon(svg`<path d="M8 4.5H4v11h4M9 10h8M13.5 6.5L17 10l-3.5 3.5"/>`);
export const done = () => icon(svg`<path d="M4.5 10.5l3.5 3.5 7.5-8"/>`);
export const people = () => icon(svg`<circle cx="10" cy="7" r="3"/><path d="M4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5"/>`);
export const folder = () => icon(svg`<path d="M3 15.5v-11h5l1.5 2H17v9z"/>`);
export const key = () => icon(svg`<circle cx="7" cy="13" r="3.5"/><path d="M9.5 10.5L16 4M13 7l2.5 2.5"/>`);
export const chip = () => icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1"/><path d="M8 5.5V3M12 5.5V3M8 17v-2.5M12 17v-2.5M5.5 8H3M5.5 12H3M17 8h-2.5M17 12h-2.5"/>`);
export const tune = () => icon(svg`<path d="M3 6h7M14 6h3M3 14h3M10 14h7"/><circle cx="12" cy="6" r="2"/><circle cx="8" cy="14" r="2"/>`);
export const record = () => icon(svg`<path d="M4 3.5h12v13H4z"/><path d="M7 7h6M7 10h6M7 13h3.5"/>`);
export const talk = () => icon(svg`<path d="M3 4.5h14v9H9l-3.5 3v-3H3z"/><path d="M6.5 9h7"/>`);
export const pulse = () => icon(svg`<path d="M3 10.5h3.5l2-5 3 9 2-4H17"/>`);
export const braces = () => icon(svg`<path d="M8 4H6.5v4L4.5 10l2 2v4H8M12 4h1.5v4l2 2-2 2v4H12"/>`);
export const again = () => icon(svg`<path d="M15.5 6.5A6.5 6.5 0 1 0 16.5 10"/><path d="M16 3v4h-4"/>`);
