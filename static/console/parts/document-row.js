/** One document in the table, and one file on its way into it. */
import { html, nothing } from "../../shared/lit.js";
import { bin, close } from "./drawings.js";
import { number, percent, size, t } from "../../shared/words.js";

/** @typedef {import("../../shared/types").DocumentRecord} DocumentRecord */
/** @typedef {import("../../shared/types").Job} Job */
/** @typedef {{ file: File, share: number, problem: string }} Upload */

/**
 * @param {DocumentRecord} one @param {Job | undefined} job
 * @param {{ remove: () => void, again: () => void } | null} acts what may be done to it, if anything
 * @param {unknown} [box] chooses it, where several can be chosen
 */
export function documentRow(one, job, acts, box) {
  const failed = one.state === "failed";
  return html`<tr class=${one.state}>${box ? html`<td class="pick">${box}</td>` : nothing}
    <th scope="row"><a href="#/documents/${one.id}">${one.title}</a>
      <span class="sub">${one.title === one.file_name ? "" : `${one.file_name} · `}${size(one.bytes)}</span>
      ${failed && one.problem ? html`<p class="problem">${one.problem.detail}</p>` : nothing}</th>
    <td class="state">${standing(one, job)}${one.in_force === false ? html`<span class="sub">${t("documents.past")}</span>` : nothing}</td>
    <td class="count">${one.pages ? t("documents.pages", { count: one.pages }) : "–"}
      ${one.pages_unreadable ? html`<span class="sub bad">${t("documents.unreadable", { count: one.pages_unreadable })}</span>` : nothing}
      ${one.pages_to_check ? html`<a class="sub look" href="#/documents/${one.id}">${t("documents.toCheck", { count: one.pages_to_check })}</a>` : nothing}</td>
    <td class="do">
      ${acts && failed ? html`<button type="button" class="small" aria-label=${t("documents.againNamed", { title: one.title })} @click=${acts.again}>${t("documents.again")}</button>` : nothing}
      ${acts ? html`<button type="button" class="quiet" aria-label=${t("documents.removeNamed", { title: one.title })} title=${t("documents.remove")} @click=${acts.remove}>${bin()}</button>` : nothing}
    </td>
  </tr>`;
}

/** How far a document is. @param {DocumentRecord} one @param {Job | undefined} job */
export function standing(one, job) {
  if (one.state === "ready" || one.state === "failed") return html`<span class="light ${one.state}">${t(`state.${one.state}`)}</span>`;
  const running = job?.state === "running" && job.total > 0;
  const text = running ? t(`reading.${job.unit}`, { done: job.done, total: job.total }) : t(`state.${one.state}`);
  return html`<span class="light reading" role="status">${text}</span>
    ${running ? html`<progress max=${job.total} value=${job.done} aria-label=${t("documents.progress", { title: one.title })}></progress>` : nothing}`;
}

/** @param {Upload} one @param {() => void} dismiss @param {boolean} boxed whether the other rows have a box */
export function uploadRow(one, dismiss, boxed) {
  return html`<tr class=${one.problem ? "failed" : "sending"}>${boxed ? html`<td class="pick"></td>` : nothing}
    <th scope="row"><span>${one.file.name}</span><span class="sub">${size(one.file.size)}</span>
      ${one.problem ? html`<p class="problem" role="alert">${one.problem}</p>` : nothing}</th>
    <td class="state">${one.problem
      ? html`<span class="light failed">${t("documents.refused")}</span>`
      : html`<span class="light reading">${t("documents.sending", { share: percent(one.share) })}</span><progress max="1" value=${one.share} aria-label=${t("documents.progress", { title: one.file.name })}></progress>`}</td>
    <td class="count">–</td>
    <td class="do">${one.problem ? html`<button type="button" class="quiet" aria-label=${t("documents.dismiss", { title: one.file.name })} @click=${dismiss}>${close()}</button>` : nothing}</td>
  </tr>`;
}

/** Whether somebody should look at a document: it was not read, or not all of it well. @param {DocumentRecord} one */
export const worrying = (one) => one.state === "failed" || (one.pages_to_check ?? 0) > 0;

/** @param {readonly DocumentRecord[]} documents how a shelf stands, in one line */
export function summary(documents) {
  const pages = documents.reduce((sum, one) => sum + one.pages, 0);
  const ready = documents.filter((one) => one.state === "ready").length;
  return t("documents.summary", { ready: number(ready), total: number(documents.length), pages: number(pages) });
}
