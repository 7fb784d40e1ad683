/** The self-test of the network exit: how the last one went, running another, and its report. */
import { html, nothing } from "../../shared/lit.js";
import { date, number, t } from "../../shared/words.js";

/**
 * @typedef {object} Tested
 * @property {string} id
 * @property {string} made_at
 * @property {boolean} passed
 * @property {boolean} isolated
 * @property {"strace" | "hook"} tracer
 * @property {string} model "" where the answer was quoted
 * @property {number} seconds
 * @property {string} message why it did not pass, else ""
 * @property {{ host: string, port: number, by: string, times: number }[]} attempts
 */

/**
 * @param {Tested | null} test
 * @param {{ state: string } | null} job the one that waits or runs
 * @param {() => void} run
 */
export const selftest = (test, job, run) => html`<section class="note selftest" aria-labelledby="egress-test">
  <h2 id="egress-test">${t("egress.test")}</h2>
  <div role="status">
    ${job ? html`<p class="pulse">${t(job.state === "running" ? "egress.running" : "egress.queued")}</p>` : nothing}
    ${test ? result(test) : job ? nothing : html`<p class="light">${t("egress.never")}</p>`}
  </div>
  <p class="hint">${t("egress.about")}</p>
  <div class="row">
    <button type="button" class=${test ? "" : "primary"} ?disabled=${job !== null} @click=${run}>${t("egress.run")}</button>
    ${test ? html`<a class="button" href="/api/egress/reports/${test.id}" download>${t("egress.report")}</a>
      <a class="button" href="/api/egress/reports/${test.id}?format=html" download>${t("egress.page")}</a>` : nothing}
  </div>
</section>`;

/** @param {Tested} test */
const result = (test) => html`
  <p class="light ${test.passed ? "ready" : "failed"}">${t(test.passed ? "egress.passed" : "egress.failed", { date: date(test.made_at, true) })}</p>
  ${test.message ? html`<p class="problem">${test.message}</p>` : nothing}
  ${test.attempts.map((one) => html`<p class="address">${t("egress.tried", { address: `${one.host}${one.port ? `:${one.port}` : ""}` })}</p>`)}
  <p class="facts"><span>${t(test.isolated ? "egress.isolated" : "egress.notIsolated")}</span><span>${t(`egress.tracer.${test.tracer}`)}</span>
    <span>${test.model ? t("egress.model", { model: test.model }) : t("egress.quoted")}</span><span>${t("egress.seconds", { seconds: number(test.seconds, { maximumFractionDigits: 0 }) })}</span></p>`;
