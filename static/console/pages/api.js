/** The reference of the API, drawn from this server's own document; nothing comes from elsewhere. */
import { get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { mentions, rooms } from "../reference/document.js";
import { drawn } from "../reference/route.js";

/** @typedef {import("../reference/document.js").Json} Json */

class ApiPage extends Page {
  /** @type {Json | null} */
  #document = null;
  #words = "";
  /** @type {Set<string>} the routes that stand open */
  #open = new Set();

  arrived() {
    void this.trying(async () => { this.#document ??= await get("/api/openapi.json"); });
  }

  /** @param {Event} event */
  #find(event) {
    this.#words = /** @type {HTMLInputElement} */ (event.target).value.trim();
    this.changed();
  }

  /** @param {string} id @param {boolean} open */
  #turn(id, open) {
    if (open === this.#open.has(id)) return;
    if (open) this.#open.add(id);
    else this.#open.delete(id);
    this.changed();
  }

  /** @param {Event} event @param {string} room */
  #goTo(event, room) {
    event.preventDefault();
    const heading = /** @type {HTMLElement | null} */ (this.querySelector(`#room-${CSS.escape(room)}`));
    heading?.scrollIntoView();
    heading?.focus({ preventScroll: true });
  }

  template() {
    document.title = `${t("shell.api")} – Balcão`;
    return html`<div class="page narrow reference">
      <header class="head"><div><h1>${t("shell.api")}</h1><p class="lead">${t("reference.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#document ? this.#rooms(this.#document) : this.awaited}
    </div>`;
  }

  /** @param {Json} doc */
  #rooms(doc) {
    const found = [...rooms(doc)].map(([room, routes]) => /** @type {const} */ ([room, routes.filter((one) => mentions(one, this.#words))])).filter(([, routes]) => routes.length);
    return html`
      <p class="facts"><span>${t("reference.version", { version: doc.info.version })}</span><a download="openapi.json" href="/api/openapi.json">${t("reference.download")}</a></p>
      <div class="field"><label for="reference-search">${t("reference.find")}</label><input id="reference-search" type="search" maxlength="100" @input=${(/** @type {Event} */ event) => this.#find(event)}></div>
      <nav class="rooms" aria-label=${t("reference.rooms")}>${found.map(([room]) => html`<a href="#/api" @click=${(/** @type {Event} */ event) => this.#goTo(event, room)}>${room}</a> `)}</nav>
      ${found.length ? nothing : html`<p class="hint" role="status">${t("reference.none")}</p>`}
      ${found.map(([room, routes]) => html`<section aria-labelledby="room-${room}">
        <h2 id="room-${room}" tabindex="-1">${room}</h2>
        <ul>${routes.map((one) => drawn(doc, one, this.#open.has(one.id), (open) => this.#turn(one.id, open)))}</ul>
      </section>`)}`;
  }
}

define("page-api", ApiPage);
