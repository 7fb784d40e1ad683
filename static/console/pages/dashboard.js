/** The dashboard: what was asked of the assistants and what became of it, by day and assistant. */
import { all, get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { number, percent, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { bars } from "../usage/bars.js";
import { lasting, lately, times } from "../usage/saying.js";

/** @typedef {{ median: number, p95: number }} Spread */
/** @typedef {{ questions: number, answered: number, refused: number, stopped: number, failed: number, good: number, bad: number, passages_ms: Spread | null, first_token_ms: Spread | null, tokens: number, prompt_tokens: number }} Figures */
/** @typedef {{ from: string, to: string, total: Figures, days: (Figures & { day: string })[], assistants: (Figures & { assistant: string, name: string })[] }} Usage */

const RANGES = [1, 7, 30];

class DashboardPage extends Page {
  /** @type {Usage | null} */
  #told = null;
  /** @type {{ id: string, name: string }[]} */
  #assistants = [];
  #assistant = "";
  #days = 7; // 0: from a day to a day
  #span = lately(7);
  #loading = 0;

  arrived() {
    void this.trying(async () => { this.#assistants = await all("/api/assistants"); });
    this.#look();
  }

  get #query() {
    return new URLSearchParams({ ...this.#span, ...(this.#assistant && { assistant: this.#assistant }) });
  }

  #look() {
    const turn = ++this.#loading;
    void this.trying(async () => {
      const told = await get(`/api/usage?${this.#query}`);
      if (turn === this.#loading) this.#told = told;
    });
  }

  /** @param {number} days */
  #lately(days) {
    [this.#days, this.#span] = [days, lately(days)];
    this.#look();
  }

  /** @param {Event} event */
  #choose(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    [this.#days, this.#span] = [0, { from: String(given.get("from")), to: String(given.get("to")) }];
    this.#look();
  }

  template() {
    document.title = `${t("shell.dashboard")} – Balcão`;
    return html`<div class="page dashboard">
      <header class="head"><div><h1>${t("shell.dashboard")}</h1><p class="lead">${t("usage.lead")}</p></div></header>
      ${this.#choices()}
      ${this.problemLine}
      ${this.#told ? this.#shown(this.#told) : this.problem ? nothing : html`<p class="pulse" role="status">${t("usage.loading")}</p>`}
    </div>`;
  }

  #choices() {
    const choose = (/** @type {Event} */ event) => { this.#assistant = /** @type {HTMLSelectElement} */ (event.target).value; this.#look(); };
    return html`<div class="choices">
      <div class="row" role="group" aria-label=${t("usage.span")}>${RANGES.map((days) => html`
        <button type="button" class="small" aria-pressed=${String(days === this.#days)} @click=${() => this.#lately(days)}>${t(`usage.last.${days}`)}</button>`)}</div>
      <form class="row" @submit=${(/** @type {Event} */ event) => this.#choose(event)}>
        <label>${t("usage.from")} <input type="date" name="from" required .value=${this.#span.from}></label>
        <label>${t("usage.to")} <input type="date" name="to" required .value=${this.#span.to}></label>
        <button type="submit" class="small">${t("usage.show")}</button></form>
      <div class="row">${this.#assistants.length > 1 ? html`<select aria-label=${t("usage.assistant")} @change=${choose}>
          <option value="" ?selected=${!this.#assistant}>${t("usage.all")}</option>
          ${this.#assistants.map((one) => html`<option value=${one.id} ?selected=${one.id === this.#assistant}>${one.name}</option>`)}</select>` : nothing}
        <a class="button small" href="/api/usage/export?${this.#query}" download>${t("usage.export")}</a></div>
    </div>`;
  }

  /** @param {Usage} told */
  #shown(told) {
    if (!told.total.questions) return html`<p class="note" role="status">${t("usage.none")} <a href="#/assistants">${t("usage.toAssistants")}</a></p>`;
    return html`${tiles(told.total)}
      ${bars(t("usage.questionsByDay"), told.days, [
        { name: "answered", label: t("usage.answered"), value: (day) => day.answered },
        { name: "refused", label: t("usage.refused"), value: (day) => day.refused },
        { name: "others", label: t("usage.others"), value: (day) => day.questions - day.answered - day.refused },
      ])}
      ${told.total.passages_ms ? bars(t("usage.passagesByDay"), told.days, [{ name: "answered", label: t("usage.median"), value: (day) => day.passages_ms?.median ?? 0 }], lasting) : nothing}
      ${told.total.first_token_ms ? bars(t("usage.wordsByDay"), told.days, [{ name: "answered", label: t("usage.median"), value: (day) => day.first_token_ms?.median ?? 0 }], lasting) : nothing}
      ${told.assistants.length > 1 ? byAssistant(told) : nothing}`;
  }
}

/** @param {Figures} total */
function tiles(total) {
  const share = percent(total.answered / total.questions);
  return html`<dl class="tiles" aria-label=${t("usage.total")}>
    ${tile(t("usage.questions"), number(total.questions))}
    ${tile(t("usage.answered"), number(total.answered), share)}
    ${tile(t("usage.refused"), number(total.refused), total.refused ? html`<a href="#/gaps">${t("usage.toGaps")}</a>` : "")}
    ${tile(t("usage.thumbs"), t("usage.goodBad", { good: total.good, bad: total.bad }))}
    ${tile(t("usage.firstPassage"), times(total.passages_ms), within(total.passages_ms))}
    ${tile(t("usage.firstWord"), times(total.first_token_ms), within(total.first_token_ms))}
    ${tile(t("usage.tokens"), number(total.tokens), total.prompt_tokens ? t("usage.read", { count: total.prompt_tokens }) : "")}
  </dl>`;
}

/** @param {string} name @param {string} value @param {unknown} [more] */
const tile = (name, value, more) => html`<div><dt>${name}</dt><dd><strong>${value}</strong>${more ? html`<span class="sub">${more}</span>` : nothing}</dd></div>`;

/** @param {Spread | null} times */
const within = (times) => (times ? t("usage.within", { time: lasting(times.p95) }) : "");

/** @param {Usage} told */
function byAssistant(told) {
  const heads = ["assistant", "questions", "answered", "refused", "thumbs", "firstPassage", "firstWord", "tokens"];
  return html`<section><h2>${t("usage.byAssistant")}</h2><div class="scroll" tabindex="0" role="region" aria-label=${t("usage.byAssistant")}><table>
    <thead><tr>${heads.map((one) => html`<th scope="col">${t(`usage.${one}`)}</th>`)}</tr></thead>
    <tbody>${told.assistants.map((one) => html`<tr><th scope="row">${one.name}</th>
      <td>${number(one.questions)}</td><td>${number(one.answered)}</td><td>${number(one.refused)}</td><td>${t("usage.goodBad", { good: one.good, bad: one.bad })}</td>
      <td>${times(one.passages_ms)}</td><td>${times(one.first_token_ms)}</td><td>${number(one.tokens)}</td></tr>`)}</tbody></table></div></section>`;
}

define("page-dashboard", DashboardPage);
