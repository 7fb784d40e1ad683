/** Settings: what administrators decide for the whole house, a sheet for each section. */
import { get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import "../settings/sheet.js";

/** @typedef {import("../settings/fields.js").Section} Section */

const HANDS = ["wheel", "touchmove", "keydown", "pointerdown"]; // by which a reader moves about

class SettingsPage extends Page {
  /** @type {Section[] | null} */
  #sections = null;

  /** @type {ResizeObserver | null} */
  #growing = null;
  #toward = "";

  arrived() {
    this.#toward = this.route.path[1] ?? "";
    if (!this.#sections) void this.trying(async () => { this.#sections = (await get("/api/settings")).sections; });
  }

  closed() {
    this.#stay();
  }

  drawn() {
    const section = this.#toward && this.querySelector(`#section-${CSS.escape(this.#toward)}`);
    if (section) this.#go(section);
  }

  /** Goes to a section, and again while those above it still grow: their parts come one after another. @param {Element} section */
  #go(section) {
    this.#toward = "";
    this.#stay();
    this.#growing = new ResizeObserver(() => section.scrollIntoView());
    this.#growing.observe(/** @type {Element} */ (this.firstElementChild));
    HANDS.forEach((act) => this.addEventListener(act, () => this.#stay(), { once: true, passive: true }));
  }

  /** From here on the place is the reader's own. */
  #stay() {
    this.#growing?.disconnect();
    this.#growing = null;
  }

  template() {
    document.title = `${t("shell.settings")} – Balcão`;
    return html`<div class="page narrow settings">
      <header class="head"><div><h1>${t("shell.settings")}</h1><p class="lead">${t("settings.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#sections ? html`<nav class="sections" aria-label=${t("settings.sections")}>${this.#sections.map(({ name }) => html`<a href="#/settings/${name}" aria-current=${String(name === this.route.path[1])}>${t(`settings.${name}`)}</a>`)}</nav>` : nothing}
      ${this.#sections?.map((section) => html`<balcao-settings-sheet id="section-${section.name}" .section=${section}></balcao-settings-sheet>`) ?? this.awaited}
    </div>`;
  }
}

define("page-settings", SettingsPage);
