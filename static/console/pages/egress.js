/** Network exit: what this server may contact, what it did, and the self-test with its report. */
import { get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { selftest } from "../egress/selftest.js";
import { made, names, permitted } from "../egress/tables.js";
import { follow } from "../jobs/stream.js";
import { inTurn } from "../jobs/turns.js";
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
 * @property {{ id: string, state: string } | null} job
 */

class EgressPage extends Page {
  /** @type {Told | null} */
  #told = null;
  #leave = () => {};

  opened() {
    super.opened();
    this.#leave = follow((job) => this.#heard(job));
    document.addEventListener("visibilitychange", this.#seen);
  }

  arrived() {
    void this.trying(() => this.#look());
  }

  closed() {
    this.#leave();
    document.removeEventListener("visibilitychange", this.#seen);
  }

  #look = inTurn(async () => {
    this.#told = await get("/api/egress");
    this.changed();
  });

  // The self-test is a job and is followed. What was contacted grows by answers and letters too,
  // which no stream tells: it is looked at again when somebody comes back to the page.
  #seen = () => { if (document.visibilityState === "visible") this.unasked(this.#look); };

  /** @param {import("../../shared/types").Job} job */
  #heard(job) {
    const shown = this.#told?.job;
    if (job.kind === "egress" && (shown?.id !== job.id || shown.state !== job.state)) this.unasked(this.#look);
  }

  #run() {
    void this.trying(async () => { await request("POST", "/api/egress/test"); await this.#look(); });
  }

  template() {
    document.title = `${t("shell.egress")} – Balcão`;
    return html`<div class="page egress">
      <header class="head"><div><h1>${t("shell.egress")}</h1><p class="lead">${t("egress.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#told ? this.#sections(this.#told) : this.awaited}
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
