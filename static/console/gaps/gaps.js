/** The gap inbox: questions without a good answer in groups, of one assistant or of all, and what to do about each. */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { bar } from "../bulk/bar.js";
import { Chosen } from "../bulk/chosen.js";
import { Together } from "../bulk/together.js";
import "./gap.js";

/** @typedef {{ id: string, assistant: string, state: string, question: string, questions: number, askers: number, refused: number, disliked: number, last_asked_at: string, answer: string | null, document: string | null, undoable: boolean }} Gap */

const STATES = ["open", "answered", "told", "dismissed"];
const AT_ONCE = 50;
/** What several can become at once, by what they are. @type {Record<string, { word: string, state: string, said: string }>} */
const TOGETHER = {
  open: { word: "dismiss", state: "dismissed", said: "dismissed" },
  answered: { word: "tell", state: "told", said: "told" },
};

class GapsPart extends Part {
  /** The assistants to choose from by id; one of them alone where it is of a tab. @type {Map<string, import("../../shared/types").Assistant>} */
  assistants = new Map();
  /** The id of the one whose gaps are shown, "" for all. */
  assistant = "";
  #state = "open";
  /** @type {Gap[] | null} */
  #items = null;
  /** @type {string | null} */
  #next = null;
  #opened = "";
  #problem = "";
  #chosen = new Chosen(() => this.changed());
  #together = new Together(() => this.changed());

  opened() {
    void this.#load("");
  }

  /** @param {string} cursor where to go on; "" is the beginning */
  async #load(cursor) {
    const [state, assistant] = [this.#state, this.assistant];
    try {
      const told = await get(`/api/gaps?${new URLSearchParams({ state, assistant, cursor, limit: String(AT_ONCE) })}`);
      if (state !== this.#state || assistant !== this.assistant) return; // others are looked for by now
      this.#items = cursor ? [...(this.#items ?? []), ...told.items] : told.items;
      this.#next = told.next;
      this.#problem = "";
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {string} state @param {string} assistant */
  #show(state, assistant) {
    [this.#state, this.assistant, this.#items, this.#opened] = [state, assistant, null, ""];
    this.#together = new Together(() => this.changed());
    this.#chosen.only([]);
    this.changed();
    void this.#load("");
  }

  /** What became of a group is shown where it stands, until something else is looked for. @param {Gap} gap */
  #put(gap) {
    this.#items = (this.#items ?? []).map((one) => (one.id === gap.id ? gap : one));
    this.changed();
  }

  /** @param {{ state: string, said: string }} become */
  #settle({ state, said }) {
    const put = async (/** @type {Promise<Gap>} */ settled) => this.#put(await settled);
    void this.#together.run(this.#chosen.of(this.#items ?? []), {
      name: (one) => one.question,
      act: (one) => put(request("PATCH", `/api/gaps/${one.id}`, { state })),
      said: (count) => t(`bulk.${said}`, { count }),
      back: (one) => put(request("POST", `/api/gaps/${one.id}/undo`, {})),
      undone: (count) => t("bulk.undone", { count }),
    }).then(() => this.#chosen.only([]));
  }

  template() {
    return html`
      <div class="row spread"><div class="row" role="group" aria-label=${t("gaps.states")}>${STATES.map((state) => html`
        <button type="button" class="small" aria-pressed=${String(state === this.#state)} @click=${() => this.#show(state, this.assistant)}>${t(`gaps.state.${state}`)}</button>`)}</div>
        ${this.assistants.size > 1 ? this.#choice() : nothing}</div>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${this.#items ? this.#list(this.#items) : this.#problem ? nothing : html`<p class="pulse" role="status">${t("gaps.loading")}</p>`}
      ${this.#next ? html`<div><button type="button" @click=${() => void this.#load(this.#next ?? "")}>${t("gaps.more")}</button></div>` : nothing}`;
  }

  #choice() {
    const choose = (/** @type {Event} */ event) => this.#show(this.#state, /** @type {HTMLSelectElement} */ (event.target).value);
    return html`<select class="which" aria-label=${t("gaps.assistant")} @change=${choose}>
      <option value="" ?selected=${!this.assistant}>${t("gaps.all")}</option>
      ${[...this.assistants.values()].map((one) => html`<option value=${one.id} ?selected=${one.id === this.assistant}>${one.name}</option>`)}</select>`;
  }

  /** @param {Gap[]} items */
  #list(items) {
    if (!items.length) return html`<p class="note" role="status">${t(`gaps.none.${this.#state}`)}</p>`;
    const become = TOGETHER[this.#state];
    return html`${become ? bar(this.#chosen, this.#together, [{ word: become.word, act: () => this.#settle(become) }]) : nothing}
      <ul class="gaps" aria-label=${t("gaps.list")}>${items.map((one) => this.#row(one))}</ul>`;
  }

  /** @param {Gap} one */
  #row(one) {
    const open = one.id === this.#opened;
    const turn = () => { this.#opened = open ? "" : one.id; this.changed(); };
    const name = this.assistants.size > 1 ? `${this.assistants.get(one.assistant)?.name ?? ""} · ` : "";
    return html`<li>
      <div class="line">${one.state in TOGETHER && one.state === this.#state ? html`<span class="pick">${this.#chosen.box(one, one.question, this.#items ?? [])}</span>` : nothing}<button type="button" class="quiet fold" aria-expanded=${String(open)} @click=${turn}><span class="asked">${one.question}</span><span class="number">${one.questions}×</span></button></div>
      <p class="sub">${name}${counts(one)}${one.state === this.#state ? nothing : html` · <strong>${t(`gaps.state.${one.state}`)}</strong>`}</p>
      ${open ? html`<balcao-gap .gap=${one} .assistant=${this.assistants.get(one.assistant) ?? null} @settled=${(/** @type {CustomEvent} */ event) => this.#put(event.detail)}></balcao-gap>` : nothing}
    </li>`;
  }
}

/** @param {Gap} one @returns {string} who asked how often, and what was wrong */
const counts = ({ askers, refused, disliked, last_asked_at }) => [
  t("gaps.askers", { count: askers }),
  ...(refused ? [t("gaps.refused", { count: refused })] : []),
  ...(disliked ? [t("gaps.disliked", { count: disliked })] : []),
  t("gaps.last", { date: date(last_asked_at, true) }),
].join(" · ");

define("balcao-gaps", GapsPart);
