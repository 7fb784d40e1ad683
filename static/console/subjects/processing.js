/** The record of processing and the technical annex: to look at, and to take along. */
import { get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { listed, number, t } from "../../shared/words.js";
import { Page } from "../page.js";

/** @typedef {{ kind: string, name: string, purpose: string, subjects: string, data: string, basis: string, days: number | null, recipients: string[], open_to_visitors: boolean }} Activity */
/** @typedef {{ house: Record<string, string>, activities: Activity[], missing: string[] }} ProcessingRecord */
/** @typedef {{ language_model: string, embedder: string, address: string, destinations: string[], people: Record<string, number>, second_factor: string, groups: number, holds: number, periods: Record<string, number>, risks: string[] }} Annex */

const HOUSE = ["controller", "controller_number", "controller_contact", "officer", "officer_contact", "purpose", "basis_note", "subjects", "sensitive", "risks"];

class ProcessingTab extends Page {
  /** @type {{ record: ProcessingRecord, annex: Annex } | null} */
  #told = null;

  arrived() {
    void this.trying(async () => { this.#told = await get("/api/processing"); });
  }

  template() {
    const told = this.#told;
    return html`${this.problemLine}
      ${told ? [record(told.record), annex(told.annex)] : this.awaited}`;
  }
}

/** @param {string} part @param {string} title @param {unknown} body */
const sheet = (part, title, body) => html`<section class="leaf sheet" aria-labelledby="sheet-${part}">
  <div class="row spread"><h2 id="sheet-${part}">${title}</h2><a class="button small" href="/api/processing/document?part=${part}" download>${t("sheet.take")}<span class="unseen"> ${title}</span></a></div>
  ${body}
</section>`;

/** @param {[string, unknown][]} facts */
const facts = (facts) => html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** @param {string[]} things */
const list = (things) => (things.length ? html`<ul class="plainly">${things.map((one) => html`<li>${one}</li>`)}</ul>` : html`<p class="hint">${t("sheet.none")}</p>`);

/** @param {ProcessingRecord} one */
const record = ({ house, activities, missing }) => sheet("record", t("sheet.record"), html`
  ${missing.length ? html`<p class="note">${t("sheet.missing", { fields: listed(missing.map((name) => t(`settings.processing.${name}`))) })} <a href="#/settings/processing">${t("sheet.fill")}</a></p>` : nothing}
  ${facts(HOUSE.filter((name) => house[name]).map((name) => [t(`settings.processing.${name}`), house[name]]))}
  ${activities.map((activity) => html`<details><summary>${activity.name || t(`activity.${activity.kind}`)}<span class="sub">${activity.purpose}</span></summary>
    ${facts([
      [t("sheet.subjects"), activity.subjects],
      [t("sheet.data"), activity.data],
      [t("settings.processing.basis"), t(`settings.processing.basis.${activity.basis}`)],
      [t("sheet.kept"), kept(activity)],
      [t("sheet.recipients"), activity.recipients.length ? listed(activity.recipients) : t("sheet.nobody")],
      ...(activity.open_to_visitors ? [/** @type {[string, string]} */ ([t("sheet.open"), t("sheet.openYes")])] : []),
    ])}</details>`)}`);

/** @param {Activity} activity */
function kept({ kind, days }) {
  if (days === null) return kind === "accounts" ? t("sheet.asAccount") : t("sheet.notKept");
  return days ? t("lot.days", { count: days }) : t("lot.hour");
}

/** @param {Annex} one */
const annex = (one) => sheet("annex", t("sheet.annex"), html`
  ${facts([
    [t("sheet.model"), one.language_model || t("sheet.quotes")],
    [t("sheet.embedder"), one.embedder],
    [t("sheet.address"), one.address],
    [t("settings.sign_in.second_factor"), t(`settings.sign_in.second_factor.${one.second_factor}`)],
    [t("sheet.people"), Object.entries(one.people).map(([role, count]) => `${t(`people.role.${role}`)}: ${number(count)}`).join(" · ")],
    [t("sheet.groups"), number(one.groups)],
    [t("desk.holds"), number(one.holds)],
    [t("desk.retention"), Object.entries(one.periods).map(([name, days]) => `${t(`lot.${name}`)}: ${days ? t("lot.days", { count: days }) : t("lot.hour")}`).join(" · ")],
  ])}
  <h3>${t("sheet.leaves")}</h3>${list(one.destinations)}
  <h3>${t("sheet.risks")}</h3>${list(one.risks.map((risk) => t(`risk.${risk}`)))}`);

define("balcao-desk-processing", ProcessingTab);
