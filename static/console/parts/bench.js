/**
 * The retrieval bench: one search laid open, from the words of the question to
 * the order of the passages and what each strictness makes of it.
 */
import { request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { NAMES, number, t } from "../../shared/words.js";
import { engines } from "./bench-engines.js";
import { evidence } from "./bench-evidence.js";
import { fused } from "./bench-fused.js";

/** @typedef {import("../../shared/types").BenchReport} Report */
/** What to search, and what a person asked for it. @typedef {{ query: string, question: string }} Trial */

class BenchPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {Trial | null} */
  #trial = null;
  /** @type {Report | null} */
  #report = null;
  #problem = "";

  /** @param {Trial} trial a search is made for each new one */
  set trial(trial) {
    if (trial === this.#trial) return;
    this.#trial = trial;
    if (this.isConnected) void this.#search(trial);
  }

  opened() {
    if (this.#trial) void this.#search(this.#trial);
  }

  /** @param {Trial} trial */
  async #search(trial) {
    this.#report = null;
    this.#problem = "";
    this.changed();
    try {
      const report = await request("POST", `/api/assistants/${this.assistant?.id}/bench`, { query: trial.query });
      if (trial === this.#trial) this.#report = report;
    } catch (error) {
      if (trial === this.#trial) this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    const report = this.#report;
    if (this.#problem) return this.#failed();
    if (!report) return html`<p class="pulse" role="status">${t("bench.searching")}</p>`;
    return html`
      <p class="facts" role="status">
        <span>${t("bench.language", { language: NAMES[report.language] })}</span>
        <span>${t("bench.candidates", { count: report.candidates })}</span>
        <span>${t("bench.took", { ms: number(report.took_ms, { maximumFractionDigits: 0 }) })}</span>
      </p>
      ${report.query === this.#trial?.question ? nothing : html`<p class="rewritten">${t("bench.rewritten")} <q>${report.query}</q></p>`}
      ${words(report)}
      ${report.fused.length
        ? html`${evidence(report)}${fused(report, this)}${engines(report)}`
        : html`<p class="note">${t("bench.nothing")}</p>`}`;
  }

  #failed() {
    const again = () => { if (this.#trial) void this.#search(this.#trial); };
    return html`<p class="problem" role="alert">${this.#problem}</p>
      <button type="button" class="small" @click=${again}>${t("bench.again")}</button>`;
  }
}

/** @param {Report} report */
function words(report) {
  return html`<section><h3>${t("bench.words")}</h3>
    <ul class="chips">${report.words.map((word) => html`<li class=${word.found ? "chip" : "chip unknown"}>
      <span class="word">${word.text}</span>
      <span class="rarity">${word.found ? number(word.idf, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) : t("bench.unknown")}</span></li>`)}</ul>
    <p class="hint">${t("bench.rarity")}${report.ignored.length ? html` ${t("bench.ignored", { words: report.ignored.join(", ") })}` : nothing}</p>
  </section>`;
}

define("balcao-bench", BenchPart);
