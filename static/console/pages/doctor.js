/** Server health: what is wrong with this installation, why, and what to do. */
import { get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { bundle } from "../doctor/bundle.js";
import { done, warning } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";

/** @typedef {{ check: string, state: "ok" | "warning" | "failed", code: string, said: string }} Finding */

class DoctorPage extends Page {
  /** @type {Finding[] | null} */
  #found = null;
  #looking = false;
  /** @type {import("../doctor/bundle.js").File[] | null} */
  #files = null;
  #gathering = false;

  arrived() {
    void this.#look();
  }

  async #look() {
    this.#looking = true;
    this.changed();
    await this.trying(async () => { this.#found = (await get("/api/doctor")).items; });
    this.#looking = false;
    this.changed();
  }

  /** What a diagnostics bundle would hold, before anything is saved. */
  async #list() {
    this.#gathering = true;
    this.changed();
    await this.trying(async () => { this.#files = (await get("/api/diagnostics")).items; });
    this.#gathering = false;
    this.changed();
  }

  template() {
    document.title = `${t("shell.doctor")} – Balcão`;
    return html`<div class="page doctor">
      <header class="head">
        <div><h1>${t("shell.doctor")}</h1><p class="lead">${t("doctor.lead")}</p></div>
        <button type="button" ?disabled=${this.#looking} @click=${() => this.#look()}>${t("doctor.again")}</button>
      </header>
      ${this.problemLine}
      <p role="status">${this.#looking ? t("doctor.looking") : this.#isWell() ? html`${done()} ${t("doctor.well")}` : nothing}</p>
      ${this.#found ? html`${this.#section("failed")}${this.#section("warning")}${this.#rest()}` : nothing}
      ${bundle(this.#files, this.#gathering, () => this.#list())}
    </div>`;
  }

  #isWell() {
    return this.#found?.every((one) => one.state === "ok") ?? false;
  }

  /** @param {"failed" | "warning"} state */
  #section(state) {
    const found = this.#of(state);
    if (!found.length) return nothing;
    return html`<section class=${state}>
      <h2>${warning()}${t(`doctor.${state}`)}</h2>
      <dl>${found.map(line)}</dl>
    </section>`;
  }

  #rest() {
    const found = this.#of("ok");
    if (!found.length) return nothing;
    return html`<details class="leaf">
      <summary>${t("doctor.ok", { count: found.length })}</summary>
      <dl>${found.map(line)}</dl>
      <p class="hint">${t("doctor.terminal")}</p>
    </details>`;
  }

  /** @param {Finding["state"]} state @returns {Finding[]} */
  #of(state) {
    return (this.#found ?? []).filter((one) => one.state === state);
  }
}

/** @param {Finding} finding */
const line = ({ check, said }) => html`<div><dt>${t(`doctor.check.${check}`)}</dt><dd>${said}</dd></div>`;

define("page-doctor", DoctorPage);
