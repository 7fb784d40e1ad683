/** A conversation taken along: as a file with its sources as footnotes, or on paper. */
import { ask } from "../../shared/api.js";
import { html, svg } from "../../shared/lit.js";
import { icon } from "../parts/drawings.js";
import { t } from "../../shared/words.js";

const save = () => icon(svg`<path d="M10 3.5v9M6 8.5l4 4 4-4M3.5 13.5v3h13v-3"/>`);
const printer = () => icon(svg`<path d="M6 7.5v-4h8v4M6 14H3.5V7.5h13V14H14"/><path d="M6 11.5h8v5H6z"/>`);
const FORMS = ["docx", "md", "json"];

/** Closes the menu that something was chosen from; the focus stays with it. @param {Event} event */
function shut(event) {
  const menu = /** @type {HTMLElement} */ (event.target).closest("details");
  menu?.removeAttribute("open");
  menu?.querySelector("summary")?.focus();
}

/** One's own: the browser saves it by itself. @param {string} id of a conversation */
export const takeAlong = (id) => html`
  <details class="menu export"><summary class="button quiet">${save()}<span class="wordy">${t("talks.export")}</span></summary>
    <ul>${FORMS.map((form) => html`<li><a href="/api/conversations/${id}/export?format=${form}" download @click=${shut}>${t(`talks.${form}`)}</a></li>`)}</ul>
  </details>
  ${print()}`;

export const print = () => html`<button type="button" class="quiet" @click=${() => window.print()}>${printer()}<span class="wordy">${t("talks.print")}</span></button>`;

/**
 * Another's, for the reason that it was opened for; it goes on record once more.
 * @param {(form: string) => void} take
 */
export const takeOthers = (take) => html`
  <details class="menu export"><summary class="button quiet">${save()}<span class="wordy">${t("talks.export")}</span></summary>
    <ul>${FORMS.map((form) => html`<li><button type="button" @click=${(/** @type {Event} */ event) => { shut(event); take(form); }}>${t(`talks.${form}`)}</button></li>`)}</ul>
  </details>
  ${print()}`;

/** @param {string} id @param {string} reason @param {string} format */
export async function takeForAReason(id, reason, format) {
  const response = await ask("POST", `/api/conversations/${id}/export`, { body: { reason, format }, accept: "*/*" });
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "");
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name ? decodeURIComponent(name[1]) : `conversation.${format}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser reads it after the click
}
