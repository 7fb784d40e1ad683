/** The few drawings of the interface: one stroke weight, the colour of the text beside them. */
import { svg, html } from "../lit.js";

/** @param {unknown} paths */
export const icon = (paths) => html`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none"
  stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"
  aria-hidden="true" focusable="false">${paths}</svg>`;

export const ask = () => icon(svg`<path d="M10 16V4.5M5 9.5l5-5 5 5"/>`);
export const stop = () => icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1.5"/>`);
export const copy = () => icon(svg`<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 4.5V4a.5.5 0 0 0-.5-.5H4a.5.5 0 0 0-.5.5v8.5a.5.5 0 0 0 .5.5h.5"/>`);
export const good = () => icon(svg`<path d="M6.5 9v7.5H4V9zM6.5 9l3-5.5c1.2 0 2 .9 2 2V8h3.7c.9 0 1.5.8 1.3 1.7l-1.2 5.4c-.2.8-.9 1.4-1.7 1.4H6.5"/>`);
export const poor = () => icon(svg`<path d="M13.5 11V3.5H16V11zM13.5 11l-3 5.5c-1.2 0-2-.9-2-2V12H4.8c-.9 0-1.5-.8-1.3-1.7l1.2-5.4c.2-.8.9-1.4 1.7-1.4h7.1"/>`);
export const close = () => icon(svg`<path d="M5 5l10 10M15 5L5 15"/>`);
export const next = () => icon(svg`<path d="M8 5l5 5-5 5"/>`);
export const back = () => icon(svg`<path d="M12 5l-5 5 5 5"/>`);
export const warning = () => icon(svg`<path d="M10 3.5l7 12.5H3z"/><path d="M10 8.5v3.5M10 14h.01"/>`);
export const leaving = () => icon(svg`<path d="M8 4.5H4v11h4M9 10h8M13.5 6.5L17 10l-3.5 3.5"/>`);
export const done = () => icon(svg`<path d="M4.5 10.5l3.5 3.5 7.5-8"/>`);
export const again = () => icon(svg`<path d="M15.5 6.5A6.5 6.5 0 1 0 16.5 10"/><path d="M16 3v4h-4"/>`);
