/**
 * The palette: to go anywhere by typing part of its name.
 *
 * The combobox of the WAI-ARIA practices: the field keeps the focus, arrows walk the list, Enter
 * opens, Escape closes, and the focus goes back to where it was.
 */
import { Problem } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { search } from "../parts/drawings.js";
import { found, meant, own } from "./choices.js";
import { pieces } from "./typed.js";

/** @typedef {import("./choices.js").Choice} Choice */

const PAUSE = 150; // milliseconds in which nothing more is typed, before the server is asked
const GROUPS = ["page", "assistant", "act", "collection", "document", "person", "conversation"];

class Palette extends Part {
  /** @type {Choice[]} */
  own = [];
  /** @type {Choice[]} */
  #found = [];
  #typed = "";
  #at = 0;
  #asking = false;
  #problem = "";
  #timer = 0;
  /** @type {Choice | null} what is done once the palette is gone */
  #chosen = null;

  closed() {
    clearTimeout(this.#timer);
  }

  drawn() {
    const dialog = this.#dialog;
    if (!dialog.open) dialog.showModal();
    this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  /** In the order in which they stand there. */
  get #choices() {
    const all = [...meant(this.own, this.#typed), ...this.#found];
    return GROUPS.flatMap((group) => all.filter((one) => one.group === group));
  }

  /** @param {InputEvent} event */
  #type(event) {
    this.#typed = /** @type {HTMLInputElement} */ (event.target).value.trim();
    this.#at = 0;
    this.#problem = "";
    this.#asking = Boolean(this.#typed);
    clearTimeout(this.#timer);
    if (this.#typed) this.#timer = setTimeout(() => void this.#ask(this.#typed), PAUSE);
    else this.#found = [];
    this.changed();
  }

  /** @param {string} typed */
  async #ask(typed) {
    const told = await found(typed).catch((error) => this.#refused(error));
    if (typed !== this.#typed) return; // more was typed meanwhile
    const walkedTo = this.#at ? this.#choices[this.#at] : undefined;
    this.#found = told;
    this.#at = walkedTo ? Math.max(0, this.#choices.indexOf(walkedTo)) : 0; // what comes in before it moves no choice
    this.#asking = false;
    this.changed();
  }

  /** @param {unknown} error @returns {Choice[]} */
  #refused(error) {
    this.#problem = error instanceof Problem ? error.message : t("problem.unexpected");
    return [];
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choices = this.#choices;
    if (event.isComposing || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (!step) return this.#choose(choices[this.#at]);
    this.#at = choices.length ? (this.#at + step + choices.length) % choices.length : 0;
    return this.changed();
  }

  /** @param {Choice | undefined} choice */
  #choose(choice) {
    if (!choice) return;
    this.#chosen = choice;
    this.#dialog.close();
  }

  #gone() {
    this.remove(); // the focus is back where it was
    this.#chosen?.does();
  }

  template() {
    const choices = this.#choices;
    const active = choices[this.#at] ? `palette-${this.#at}` : nothing;
    return html`<dialog class="palette" aria-label=${t("palette.open")} @close=${() => this.#gone()}
      @click=${(/** @type {Event} */ event) => event.target === this.#dialog && this.#dialog.close()}>
      <div class="asks">${search()}
        <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant=${active}
          aria-label=${t("palette.label")} placeholder=${t("palette.label")} maxlength="200" autocomplete="off" spellcheck="false" autofocus
          @input=${(/** @type {InputEvent} */ event) => this.#type(event)} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#press(event)}>
        <button type="button" class="quiet" @click=${() => this.#dialog.close()}>${t("palette.close")}</button></div>
      <div class="list" id="palette-list" role="listbox" aria-label=${t("palette.results")}>${GROUPS.map((group) => this.#group(group, choices))}</div>
      <p class="hint" role="status">${this.#status(choices.length)}</p>
    </dialog>`;
  }

  /** @param {number} count */
  #status(count) {
    if (this.#problem) return this.#problem;
    if (this.#asking && !count) return t("palette.asking");
    return count ? t("palette.count", { count }) : t("palette.none", { words: this.#typed });
  }

  /** @param {string} group @param {Choice[]} choices */
  #group(group, choices) {
    if (!choices.some((one) => one.group === group)) return nothing;
    return html`<div role="group" aria-label=${t(`palette.${group}`)}><p class="kind" aria-hidden="true">${t(`palette.${group}`)}</p>
      ${choices.map((one, index) => (one.group === group ? this.#option(one, index) : nothing))}</div>`;
  }

  /** @param {Choice} one @param {number} index */
  #option(one, index) {
    return html`<div class="option" role="option" id="palette-${index}" aria-selected=${String(index === this.#at)} @click=${() => this.#choose(one)}>
      <span class="name">${pieces(one.name, this.#typed).map(([text, typed]) => (typed ? html`<b>${text}</b>` : text))}</span>${one.within ? html` <span class="sub">${one.within}</span>` : nothing}${one.key ? html`<kbd aria-hidden="true">${one.key}</kbd>` : nothing}</div>`;
  }
}

define("balcao-palette", Palette);

/** @param {import("../../shared/types").Assistant[]} assistants that stand in the frame @param {string} open the id of the one that is open */
export function openPalette(assistants, open) {
  const palette = /** @type {Palette} */ (document.createElement("balcao-palette"));
  palette.own = own(assistants, open);
  document.body.append(palette);
}
