/** One source in the table: where it is, how it stands in plain words, when it is next. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { LIGHTS, busy, moment, outcome, place, when } from "./source-words.js";

/** @typedef {import("./source-words.js").Source} Source */

/**
 * @param {Source} one
 * @param {string} collection its name
 * @param {{ run: () => void, dry: () => void, stop: () => void } | null} actions null for whoever may only look
 */
export function sourceRow(one, collection, actions) {
  const name = place(one);
  return html`<tr>
    <th scope="row"><a class="address" href="#/sources/${one.id}">${stepped(name)}</a>
      <span class="sub">${t(`sources.kind.${one.kind}`)} · ${collection} · <span class="whole">${t("sources.items", { count: one.entries })}</span></span></th>
    <td class="state">${standing(one)}</td>
    <td class="count">${when(one.schedule)}${one.due_at ? html`<span class="sub">${t("sources.next", { date: date(one.due_at, true) })}</span>` : nothing}</td>
    <td class="do"><div class="row">${actions ? choices(one, name, actions) : nothing}</div></td>
  </tr>`;
}

/** @param {Source} one @param {string} name @param {{ run: () => void, dry: () => void, stop: () => void }} actions */
function choices(one, name, { run, dry, stop }) {
  if (busy(one)) return html`<button type="button" class="small" aria-label=${t("sources.stopNamed", { name })} @click=${stop}>${t("sources.stop")}</button>`;
  if (one.state === "held") return html`<a class="button small" href="#/sources/${one.id}" aria-label=${t("sources.decideNamed", { name })}>${t("sources.decide")}</a>`;
  return html`<button type="button" class="small" aria-label=${t("sources.tryNamed", { name })} @click=${dry}>${t("sources.try")}</button>
    <button type="button" class="small" aria-label=${t("sources.runNamed", { name })} @click=${run}>${t("sources.run")}</button>`;
}

/** A path or an address that breaks after its slashes, not within a word. @param {string} name */
export const stepped = (name) => name.split(/(?<=\/)(?=[^/])/).map((step) => html`${step}<wbr>`);

/** How a source stands, with what its last run did or why it did not. @param {Source} one */
export function standing(one) {
  const last = one.last_run;
  const job = one.job;
  const done = busy(one) && job?.total ? t("sources.looked", { done: job.done, total: job.total }) : "";
  return html`<span class="light ${LIGHTS[one.state]}">${t(`sources.stands.${one.state}`)}</span>
    ${done ? html`<span class="sub">${done}</span><progress max=${job?.total ?? 0} value=${job?.done ?? 0} aria-label=${t("sources.progress", { name: place(one) })}></progress>` : nothing}
    ${last && !busy(one) ? html`<span class="sub">${moment(last)}${last.dry_run ? ` · ${t("sources.dry")}` : ""}${last.state === one.state ? nothing : html` · ${outcome(last)}`}</span>` : nothing}
    ${last?.problem ? html`<p class=${last.dry_run || busy(one) ? "sub" : "problem"}>${last.problem.detail}</p>` : nothing}`;
}
