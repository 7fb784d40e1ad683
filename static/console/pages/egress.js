/** Network exit: what this server may contact, what it did, and the self-test with its report. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { selftest } from "../egress/selftest.js";
import { made, names, permitted } from "../egress/tables.js";
import { Page } from "../page.js";
import "../parts/copyable.js";

/**
 * @typedef {object} Told
 * @property {number} days
 * @property {import("../egress/tables.js").Destination[]} destinations
 * @property {import("../egress/tables.js").Contact[]} contacts
 * @property {number} outside
 * @property {import("../egress/tables.js").Resolver[]} resolvers
 * @property {string} fingerprint
 * @property {import("../egress/selftest.js").Tested | null} test
 * @property {{ state: string } | null} job
 */

const LOOK_MS = 1000; // between two looks at a self-test that runs

class EgressPage extends Page {
  /** @type {Told | null} */
  #told = null;
  /** @type {number | undefined} */
  #timer;

  arrived() {
    void this.trying(() => this.#look());
  }

  closed() {
    clearTimeout(this.#timer);
  }

  async #look() {
    clearTimeout(this.#timer);
    this.#told = await get("/api/egress");
    this.changed();
    if (this.#told?.job && this.isConnected) this.#timer = setTimeout(() => void this.trying(() => this.#look()), LOOK_MS);
  }

  #run() {
    void this.trying(async () => { await request("POST", "/api/egress/test"); await this.#look(); });
  }

  template() {
    document.title = `${t("shell.egress")} – Balcão`;
    return html`<div class="page egress">
      <header class="head"><div><h1>${t("shell.egress")}</h1><p class="lead">${t("egress.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#told ? this.#sections(this.#told) : nothing}
    </div>`;
  }

  /** @param {Told} told */
  #sections({ days, destinations, contacts, outside, resolvers, fingerprint, test, job }) {
    return html`
      ${selftest(test, job, () => this.#run())}
      <section><h2 id="egress-made">${t("egress.made", { days })}</h2>
        ${outside ? html`<p class="problem">${t("egress.outside", { count: outside })}</p>` : nothing}
        ${contacts.length ? made(contacts) : html`<p>${t("egress.madeNone")}</p>`}</section>
      <section><h2 id="egress-may">${t("egress.may")}</h2>
        ${destinations.length ? permitted(destinations) : html`<p>${t("egress.mayNone")}</p>`}</section>
      <section><h2>${t("egress.names")}</h2>${resolvers.length ? names(resolvers) : html`<p>${t("egress.namesNone")}</p>`}</section>
      <section><h2>${t("egress.key")}</h2><p class="hint">${t("egress.keyHint")}</p>
        <balcao-copyable .text=${fingerprint} .label=${t("egress.copyKey")}></balcao-copyable></section>`;
  }
}

define("page-egress", EgressPage);
