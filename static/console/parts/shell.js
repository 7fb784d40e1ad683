/** The frame around every page: the house's name, the ways, the person, the language. */
import { all } from "../../shared/api.js";
import { dress } from "../../shared/colour.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { close, mark, menu } from "./drawings.js";
import { languageSelect } from "./language-select.js";
import { t } from "../../shared/words.js";
import { seeker, smallSeeker } from "../palette/seeker.js";
import { go } from "../routes.js";
import { home, person, sees, signOut } from "../session.js";
import { headings, here, wayTo } from "../ways.js";

const BESIDE = 12; // assistants that have a way of their own; the page has them all

export class Shell extends Part {
  main = Object.assign(document.createElement("main"), { id: "main", tabIndex: -1 });
  #plain = false;
  #unfolded = false;
  #turned = false; // whether the way of the page is to be brought into sight
  /** @type {import("../../shared/types").Assistant[]} */
  #assistants = [];
  /** @type {import("../routes.js").Route | null} */
  #route = null;

  /** @returns {Shell} the one that stands, or a new one */
  static standing() {
    const standing = document.querySelector("balcao-shell");
    if (standing) return /** @type {Shell} */ (standing);
    const shell = /** @type {Shell} */ (document.createElement("balcao-shell"));
    document.body.append(shell);
    return shell;
  }

  /** @param {boolean} plain without the ways: before somebody has signed in */
  set plain(plain) {
    this.#plain = plain;
    this.classList.toggle("plain", plain);
    this.changed();
  }

  /** @param {import("../routes.js").Route} route */
  set route(route) {
    this.#route = route;
    this.#unfolded = false;
    this.#turned = true;
    if (!this.#plain) void this.#count();
    this.changed();
  }

  get assistants() {
    return this.#assistants;
  }

  /** @returns {string} the id of the assistant that is open, "" for none */
  get open() {
    const [area, id] = this.#route?.path ?? [];
    return area === "assistants" ? (id ?? "") : "";
  }

  opened() {
    window.addEventListener("balcao:leave", this.#leave);
  }

  closed() {
    window.removeEventListener("balcao:leave", this.#leave);
  }

  async #count() {
    if (!sees("assistants")) return;
    this.#assistants = await all("/api/assistants").catch(() => this.#assistants);
    this.changed();
  }

  #leave = () => {
    // Without an answer the session may still live, so the page stays and says so.
    signOut().then((elsewhere) => {
      this.remove();
      if (elsewhere) location.assign(elsewhere);
      else go("#/sign-in");
    }, (error) => alertLine(this, error.message));
  };

  /** The first of them, and the one that is open. */
  get #beside() {
    const open = this.#route?.path[1];
    return this.#assistants.filter((one, index) => index < BESIDE || one.id === open);
  }

  drawn() {
    if (this.#turned) this.querySelector("#ways nav [aria-current=page]")?.scrollIntoView({ block: "nearest" });
    this.#turned = false;
    this.querySelectorAll(".seal").forEach((seal, index) => dress(/** @type {HTMLElement} */ (seal), this.#beside[index]?.accent ?? ""));
  }

  template() {
    return html`
      <a class="skip" href="#main" @click=${(/** @type {Event} */ event) => { event.preventDefault(); this.main.focus(); }}>${t("shell.skip")}</a>
      ${this.#plain ? nothing : html`
        <header class="bar">
          <a class="brand" href=${home()}>${mark()}<span>Balcão</span></a>
          <div class="row">${smallSeeker()}<button type="button" class="quiet" aria-expanded=${String(this.#unfolded)} aria-controls="ways" aria-label=${t("shell.menu")}
            @click=${() => { this.#unfolded = !this.#unfolded; this.changed(); }}>${this.#unfolded ? close() : menu()}</button></div>
        </header>
        <aside id="ways" class=${this.#unfolded ? "unfolded" : ""}>${this.#ways()}</aside>`}
      ${this.main}`;
  }

  #ways() {
    const path = this.#route?.path ?? [];
    const [standing, id] = [here(path), path[1]];
    return html`
      <a class="brand" href=${home()}>${mark()}<span>Balcão</span></a>
      ${seeker()}
      <nav aria-label=${t("shell.ways")}>
        ${headings().map(([name, under]) => (name
          ? html`<div role="group" aria-labelledby="ways-${name}"><p class="kind" id="ways-${name}">${t(`shell.${name}`)}</p>${under.map((way) => this.#way(way, standing))}</div>`
          : under.map((way) => html`${this.#way(way, standing)}${way.file === "assistants" && this.#assistants.length ? this.#list(id) : nothing}`)))}
      </nav>
      <div class="person">
        <p class="who"><a href="#/profile"><strong>${person()?.name}</strong><span class="unseen"> · ${t("shell.profile")}</span></a><span>${person()?.email}</span></p>
        <div class="row">${languageSelect()}<button type="button" class="small" @click=${this.#leave}>${t("shell.leave")}</button></div>
      </div>`;
  }

  /** @param {import("../ways.js").Way} way @param {string} standing the file of the page that is open */
  #way(way, standing) {
    return html`<a href=${wayTo(way)} aria-current=${way.file === standing ? "page" : "false"}>${way.drawing()}${t(way.word)}</a>`;
  }

  /** @param {string | undefined} id of the one that is open */
  #list(id) {
    return html`<ul>${this.#beside.map((one) => html`<li>
      <a href="#/assistants/${one.id}" aria-current=${one.id === id ? "page" : "false"}><span class="seal" aria-hidden="true"></span><span class="one">${one.name}</span></a></li>`)}</ul>`;
  }
}

/** @param {HTMLElement} where @param {string} text */
function alertLine(where, text) {
  const line = document.createElement("p");
  line.className = "problem alone";
  line.setAttribute("role", "alert");
  line.textContent = text;
  where.querySelector(".person")?.append(line);
}

define("balcao-shell", Shell);
