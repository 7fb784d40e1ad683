/** The audit: who did what to what and when; searched, checked, and taken along. */
import { get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import "../audit/chain.js";
import { address, form, query, sought } from "../audit/search.js";
import { particulars, sentence } from "../audit/sentences.js";
import { Page } from "../page.js";
import { answers } from "../parts/field.js";
import { go } from "../routes.js";

/** @typedef {import("../audit/sentences.js").Entry} Entry */

class AuditPage extends Page {
  /** @type {Entry[] | null} */
  #entries = null;
  /** @type {string | null} */
  #next = null;
  /** @type {string[]} */
  #acts = [];
  #wanted = sought(new URLSearchParams());

  arrived() {
    this.#wanted = sought(this.route.query);
    this.#entries = null;
    void this.trying(async () => {
      this.#acts = (await get("/api/audit/acts")).acts;
      await this.#load("");
    });
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const asked = this.#wanted;
    const told = await get(`/api/audit?${query(asked)}${cursor && `&cursor=${cursor}`}`);
    if (asked !== this.#wanted) return; // something else is looked for meanwhile
    this.#entries = cursor ? [...(this.#entries ?? []), ...told.items] : told.items;
    this.#next = told.next;
  }

  /** @param {SubmitEvent} event */
  #find(event) {
    go(address({ ...this.#wanted, ...answers(event) }));
  }

  template() {
    document.title = `${t("shell.audit")} – Balcão`;
    return html`<div class="page narrow audit">
      <header class="head"><div><h1>${t("shell.audit")}</h1><p class="lead">${t("audit.lead")}</p></div></header>
      <balcao-chain></balcao-chain>
      ${form(this.#wanted, this.#acts, (event) => this.#find(event))}
      ${this.problemLine}
      ${this.#entries?.length ? this.#found(this.#entries) : this.#entries ? html`<p class="hint" role="status">${t("audit.none")}</p>` : this.awaited}
    </div>`;
  }

  /** @param {Entry[]} entries */
  #found(entries) {
    return html`
      <ol class="acts">${entries.map((one) => act(one))}</ol>
      <div class="row spread">
        ${this.#next ? html`<button type="button" @click=${() => this.trying(() => this.#load(this.#next ?? ""))}>${t("audit.more")}</button>` : html`<span></span>`}
        <p class="row"><span class="hint">${t("audit.export")}:</span>
          ${["jsonl", "csv"].map((form) => html`<a download href="/api/audit/export?${query({ ...this.#wanted })}&format=${form}">${t(`audit.${form}`)}</a>`)}</p>
      </div>`;
  }
}

/** @param {Entry} one */
const act = (one) => html`<li>
  <p>${sentence(one)}</p>
  <p class="sub"><time datetime=${one.at}>${date(one.at, true)}</time> · ${t(`caller.${one.caller.split(":")[0]}`)}</p>
  <details><summary aria-label=${t("audit.detailsOf", { id: one.id })}>${t("audit.details")}</summary>
    <dl>
      ${pair(t("audit.number"), one.id)}
      ${pair(t("audit.code"), one.act)}
      ${pair(t("audit.by"), html`${one.caller} <a href=${address({ ...sought(new URLSearchParams()), who: one.caller })}>${t("audit.allBy")}</a>`)}
      ${one.subject ? pair(t("audit.subject"), html`${one.subject} <a href=${address({ ...sought(new URLSearchParams()), subject: one.subject })}>${t("audit.allAbout")}</a>`) : nothing}
      ${particulars(one).map(([name, value]) => pair(name, value))}
      ${pair(t("audit.hash"), one.hash)}
    </dl></details>
</li>`;

/** @param {string} name @param {unknown} value */
const pair = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

define("page-audit", AuditPage);
