/** The frame around every page: the house's name, the ways, the person, the language. */
import { all } from "../../shared/api.js";
import { dress } from "../../shared/colour.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { bell, braces, chip, close, columns, folder, key, leaving, mark, menu, people, pulse, record, several, shield, steps, talk, tune, warning } from "./drawings.js";
import { LANGUAGES, NAMES, language, t } from "../../shared/words.js";
import { go } from "../routes.js";
import { choose, edits, home, person, sees, signOut } from "../session.js";

const OWN = ["api", "audit", "conversations", "dashboard", "doctor", "egress", "gaps", "groups", "handovers", "jobs", "keys", "models", "people", "profile", "second-factor", "settings", "sources", "subjects", "trash"]; // areas with a way of their own

const BESIDE = 12; // assistants that have a way of their own; the page has them all

export class Shell extends Part {
  main = Object.assign(document.createElement("main"), { id: "main", tabIndex: -1 });
  #plain = false;
  #unfolded = false;
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
    if (!this.#plain) void this.#count();
    this.changed();
  }

  async #count() {
    if (!sees("assistants")) return;
    this.#assistants = await all("/api/assistants").catch(() => this.#assistants);
    this.changed();
  }

  #leave() {
    // Without an answer the session may still live, so the page stays and says so.
    signOut().then((elsewhere) => {
      this.remove();
      if (elsewhere) location.assign(elsewhere);
      else go("#/sign-in");
    }, (error) => alertLine(this, error.message));
  }

  /** The first of them, and the one that is open. */
  get #beside() {
    const open = this.#route?.path[1];
    return this.#assistants.filter((one, index) => index < BESIDE || one.id === open);
  }

  drawn() {
    this.querySelectorAll(".seal").forEach((seal, index) => dress(/** @type {HTMLElement} */ (seal), this.#beside[index]?.accent ?? ""));
  }

  template() {
    return html`
      <a class="skip" href="#main" @click=${(/** @type {Event} */ event) => { event.preventDefault(); this.main.focus(); }}>${t("shell.skip")}</a>
      ${this.#plain ? nothing : html`
        <header class="bar">
          <a class="brand" href=${home()}>${mark()}<span>Balcão</span></a>
          <button type="button" class="quiet" aria-expanded=${String(this.#unfolded)} aria-controls="ways" aria-label=${t("shell.menu")}
            @click=${() => { this.#unfolded = !this.#unfolded; this.changed(); }}>${this.#unfolded ? close() : menu()}</button>
        </header>
        <aside id="ways" class=${this.#unfolded ? "unfolded" : ""}>${this.#ways()}</aside>`}
      ${this.main}`;
  }

  #ways() {
    const [area, id] = this.#route?.path ?? [];
    return html`
      <a class="brand" href=${home()}>${mark()}<span>Balcão</span></a>
      <nav aria-label=${t("shell.ways")}>
        ${sees("assistants") ? html`<a href="#/assistants" aria-current=${!id && !OWN.includes(area ?? "") ? "page" : "false"}>${bell()}${t("shell.assistants")}</a>` : nothing}
        ${this.#assistants.length ? html`<ul>${this.#beside.map((one) => html`<li>
          <a href="#/assistants/${one.id}" aria-current=${one.id === id ? "page" : "false"}><span class="seal" aria-hidden="true"></span><span class="one">${one.name}</span></a></li>`)}</ul>` : nothing}
        ${sees("dashboard") ? html`<a href="#/dashboard" aria-current=${area === "dashboard" ? "page" : "false"}>${columns()}${t("shell.dashboard")}</a>` : nothing}
        ${sees("conversations") ? html`<a href="#/conversations" aria-current=${area === "conversations" ? "page" : "false"}>${talk()}${t("shell.conversations")}</a>` : nothing}
        ${edits() ? html`<a href="#/gaps" aria-current=${area === "gaps" ? "page" : "false"}>${warning()}${t("shell.gaps")}</a>` : nothing}
        ${edits() ? html`<a href="#/handovers" aria-current=${area === "handovers" ? "page" : "false"}>${talk()}${t("shell.handovers")}</a>` : nothing}
        ${edits() ? html`<a href="#/sources" aria-current=${["sources", "trash"].includes(area ?? "") ? "page" : "false"}>${folder()}${t("shell.sources")}</a>
          <a href="#/jobs" aria-current=${area === "jobs" ? "page" : "false"}>${steps()}${t("shell.jobs")}</a>` : nothing}
        ${person()?.role === "admin" ? html`<a href="#/people" aria-current=${area === "people" ? "page" : "false"}>${people()}${t("shell.people")}</a>
          <a href="#/groups" aria-current=${area === "groups" ? "page" : "false"}>${several()}${t("shell.groups")}</a>
          <a href="#/keys" aria-current=${area === "keys" ? "page" : "false"}>${key()}${t("shell.keys")}</a>
          <a href="#/models" aria-current=${area === "models" ? "page" : "false"}>${chip()}${t("shell.models")}</a>
          <a href="#/doctor" aria-current=${area === "doctor" ? "page" : "false"}>${pulse()}${t("shell.doctor")}</a>
          <a href="#/egress" aria-current=${area === "egress" ? "page" : "false"}>${leaving()}${t("shell.egress")}</a>
          <a href="#/subjects" aria-current=${area === "subjects" ? "page" : "false"}>${shield()}${t("shell.subjects")}</a>
          <a href="#/settings" aria-current=${area === "settings" ? "page" : "false"}>${tune()}${t("shell.settings")}</a>` : nothing}
        ${sees("api") ? html`<a href="#/api" aria-current=${area === "api" ? "page" : "false"}>${braces()}${t("shell.api")}</a>` : nothing}
        ${sees("audit") ? html`<a href="#/audit" aria-current=${area === "audit" ? "page" : "false"}>${record()}${t("shell.audit")}</a>` : nothing}
      </nav>
      <div class="person">
        <p class="who"><a href="#/profile"><strong>${person()?.name}</strong><span class="unseen"> · ${t("shell.profile")}</span></a><span>${person()?.email}</span></p>
        <div class="row">${languageSelect()}<button type="button" class="small" @click=${() => this.#leave()}>${t("shell.leave")}</button></div>
      </div>`;
  }
}

/** The choice of language, the same before and after signing in. */
export function languageSelect() {
  const change = async (/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    await choose(/** @type {import("../../shared/words.js").Language} */ (select.value)).catch(() => {});
    window.dispatchEvent(new Event("balcao:redraw"));
  };
  return html`<select class="language" aria-label=${t("shell.language")} @change=${change}>
    ${LANGUAGES.map((one) => html`<option value=${one} ?selected=${one === language()}>${NAMES[one]}</option>`)}
  </select>`;
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
