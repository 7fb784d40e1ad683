/** A server that vouches for people: how it went last, and a button to try it. */
import { get } from "../../shared/api.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { Trial } from "./trial.js";

/** @typedef {{ enabled: boolean, away: boolean, worked_at: string | null, failed_at: string | null, failure: string, looked_at: string | null, people: number, gone: number }} Standing */

export class FederationTrial extends Trial {
  /** @type {Standing | null} */
  #standing = null;

  opened() {
    void this.#look();
  }

  tried() {
    void this.#look();
  }

  async #look() {
    const name = this.section?.name ?? "";
    // Without it the section can still be changed and tried.
    this.#standing = (await get("/api/federation").catch(() => null))?.[name] ?? null;
    this.changed();
  }

  template() {
    return html`${this.#standing ? standing(this.#standing) : nothing}${super.template()}`;
  }
}

/** @param {Standing} one */
const standing = (one) => html`<div class="standing">
  <p><span class="light ${one.away ? "failed" : one.worked_at ? "ready" : ""}">${t(one.away ? "standing.away" : one.worked_at ? "standing.there" : "standing.never")}</span></p>
  ${one.away ? html`<p class="problem">${one.failure}</p>` : nothing}
  <dl>
    ${one.worked_at ? pair("worked", date(one.worked_at, true)) : nothing}
    ${one.failed_at ? pair("failed", html`${date(one.failed_at, true)}${one.away ? nothing : html`<span class="sub">${one.failure}</span>`}`) : nothing}
    ${one.looked_at ? pair("looked", date(one.looked_at, true)) : nothing}
    ${pair("people", html`${t("standing.count", { count: one.people })}${one.gone ? ` · ${t("standing.gone", { count: one.gone })}` : ""}`)}
  </dl>
</div>`;

/** @param {string} name @param {unknown} value */
const pair = (name, value) => html`<div><dt>${t(`standing.${name}`)}</dt><dd>${value}</dd></div>`;
