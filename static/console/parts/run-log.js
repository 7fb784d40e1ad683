/** What a run did, or would do, to which thing: a list with the reasons, a page at a time. */
import { get } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { count, moment } from "./source-words.js";

/** @typedef {import("./source-words.js").Act} Act */
/** @typedef {import("./source-words.js").Line} Line */
/** @typedef {import("./source-words.js").Run} Run */

/** @type {[Act, "added" | "changed" | "removed" | "renamed" | "failed"][]} */
const ACTS = [["add", "added"], ["change", "changed"], ["remove", "removed"], ["rename", "renamed"], ["fail", "failed"]];
const LIGHTS = { add: "ready", change: "reading", remove: "failed", rename: "reading", fail: "failed" };

class RunLogPart extends Part {
  source = "";
  told = false; // whether the reason that the run gives is read above it already
  /** @type {Run | null} */
  #run = null;
  /** @type {Act | ""} */
  #act = "";
  /** @type {Line[] | null} */
  #lines = null;
  #next = "";
  #problem = "";

  /** @param {Run} run another one, or the same one further on */
  set run(run) {
    const moved = run.id !== this.#run?.id || run.state !== this.#run?.state;
    if (run.id !== this.#run?.id) this.#act = "";
    this.#run = run;
    if (moved) this.#show(this.#act);
  }

  /** @param {Act | ""} act */
  #show(act) {
    this.#act = act;
    this.#next = "";
    void this.#load([]);
  }

  /** @param {Line[]} before */
  async #load(before) {
    const asked = `${this.#run?.id} ${this.#act}`;
    const filter = `${this.#act && `&act=${this.#act}`}${this.#next && `&cursor=${this.#next}`}`;
    try {
      const { log } = await get(`/api/sources/${this.source}/runs/${this.#run?.id}?limit=100${filter}`);
      if (asked !== `${this.#run?.id} ${this.#act}`) return;
      this.#lines = [...before, ...log.items];
      this.#next = log.next ?? "";
      this.#problem = "";
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    const run = this.#run;
    if (!run || !this.#lines) return this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing;
    return html`<section aria-labelledby="log"><h2 id="log">${t(run.dry_run ? "sources.plan" : run.state === "held" ? "sources.would" : "sources.log", { date: moment(run) })}</h2>
      ${run.problem && !this.told ? html`<p class="hint">${run.problem.detail}</p>` : nothing}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${this.#filters(run)}
      ${this.#lines.length ? this.#table(this.#lines) : html`<p class="hint">${t("sources.noLog")}</p>`}
      ${this.#next ? html`<div class="row"><button type="button" @click=${() => void this.#load(this.#lines ?? [])}>${t("sources.further")}</button></div>` : nothing}
    </section>`;
  }

  /** @param {Run} run */
  #filters(run) {
    const there = ACTS.filter(([, name]) => run[name]);
    if (there.length < 2) return nothing;
    const one = (/** @type {Act | ""} */ act, /** @type {string} */ text) => html`<button type="button" class="small" aria-pressed=${String(act === this.#act)} @click=${() => this.#show(act)}>${text}</button>`;
    return html`<div class="row filters" role="group" aria-label=${t("sources.filter")}>
      ${one("", t("sources.everything"))}${there.map(([act, name]) => one(act, count(run, name)))}</div>`;
  }

  /** @param {Line[]} lines */
  #table(lines) {
    return html`<div class="scroll"><table class="documents log" aria-labelledby="log">
      <thead><tr><th scope="col">${t("sources.item")}</th><th scope="col">${t("sources.act")}</th></tr></thead>
      <tbody>${lines.map((line) => html`<tr>
        <th scope="row"><span class="address">${line.key || "/"}</span>
          ${line.former ? html`<span class="sub address">${t("sources.was", { name: line.former })}</span>` : nothing}
          ${line.problem ? html`<span class="sub">${line.problem.detail}</span>` : nothing}</th>
        <td class="state"><span class="light ${LIGHTS[line.act]}">${t(`sources.${line.planned ? "planned" : "act"}.${line.act}`)}</span></td>
      </tr>`)}</tbody></table></div>`;
  }
}

define("balcao-run-log", RunLogPart);
