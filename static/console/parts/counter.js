/**
 * The chat tab: the conversation, earlier ones, and the page a source opens.
 * The conversation's id goes into the address, so that a reload shows it again.
 */
import { all } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import "../../shared/parts/chat.js";
import { mayChange } from "../session.js";
import "./bench-fold.js";
import "../conversations/files.js";
import { takeAlong } from "../conversations/taking.js";
import { dropped } from "./dropped.js";
import { plus, talk } from "./drawings.js";
import { day } from "../../shared/caveats.js";
import { date, t } from "../../shared/words.js";
import { rename } from "../routes.js";
import "./source-pane.js";

class CounterPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {string | null} */
  conversation = null;
  /** @type {{ id: string, title: string, updated_at: string }[]} */
  #earlier = [];
  #asOf = ""; // the day that questions are about; today

  opened() {
    if (this.conversation) this.#name(this.conversation);
    void this.#list();
  }

  async #list() {
    this.#earlier = await all(`/api/conversations?assistant=${this.assistant?.id}`).catch(() => []);
    this.changed();
  }

  /** @param {string | null} id */
  #name(id) {
    this.conversation = id;
    const here = `#/assistants/${this.assistant?.id}`;
    // An answer may end while the reader is already on the way to another page.
    if (location.hash.startsWith(here)) rename(`${here}/chat${id ? `?conversation=${id}` : ""}`);
    this.classList.toggle("begun", Boolean(id));
  }

  get #chat() {
    return /** @type {import("../../shared/parts/chat.js").ChatPart} */ (this.querySelector("balcao-chat"));
  }

  /** @param {string | null} id */
  #turnTo(id) {
    this.#name(id);
    this.changed();
    this.#chat.begin(id);
    this.querySelector(".menu")?.removeAttribute("open");
    this.dispatchEvent(new CustomEvent("conversation", { bubbles: true, detail: id }));
  }

  template() {
    if (!this.assistant) return nothing;
    const place = (/** @type {CustomEvent} */ event) => {
      event.preventDefault();
      this.classList.add("beside");
      /** @type {import("./source-pane.js").SourcePane} */ (this.querySelector("balcao-source-pane")).show(event.detail);
    };
    const began = (/** @type {CustomEvent} */ event) => { this.#turnTo(event.detail); void this.#list(); };
    const named = (/** @type {CustomEvent} */ event) => { this.#name(event.detail); void this.#list(); };
    return html`
      <div class="desk" @place=${place} @conversation=${named} @shut=${() => this.classList.remove("beside")}>
        <div class="talk" @began=${began} @dragover=${(/** @type {DragEvent} */ event) => hover(event, true)} @dragleave=${(/** @type {DragEvent} */ event) => hover(event, false)} @drop=${(/** @type {DragEvent} */ event) => this.#drop(event)}>
          <div class="row tools">
            <balcao-files class="beside-files" .assistant=${this.assistant.id} .conversation=${this.conversation} @ask=${(/** @type {CustomEvent} */ event) => this.#chat.ask(event.detail)}></balcao-files>
            <!-- What comes later stands first: the row ends at the right, and nothing in it moves. -->
            ${this.conversation ? takeAlong(this.conversation) : nothing}
            ${this.#earlier.length ? this.#menu() : nothing}
            ${this.#day()}
            <button type="button" class="quiet" @click=${() => this.#turnTo(null)}>${plus()}<span class="wordy">${t("chat.new")}</span></button>
          </div>
          <balcao-chat .assistant=${this.assistant} .conversation=${this.conversation} .asOf=${this.#asOf} .lead=${t("lead.chat")} .below=${this.#below}></balcao-chat>
        </div>
        <balcao-source-pane></balcao-source-pane>
      </div>`;
  }

  /** @param {DragEvent} event files that were dropped anywhere on the talk */
  async #drop(event) {
    hover(event, false);
    const files = /** @type {import("../conversations/files.js").FilesPart} */ (this.querySelector("balcao-files"));
    if (event.dataTransfer) await files.take(await dropped(event.dataTransfer));
  }

  /** How an answer was found, for those who may see it. */
  #below = (/** @type {import("../../shared/types").Exchange} */ exchange) => (mayChange(this.assistant)
    ? html`<balcao-bench-fold .assistant=${this.assistant} .exchange=${exchange}></balcao-bench-fold>`
    : nothing);

  /** The day that questions are about: what was in force then answers them. */
  #day() {
    const choose = (/** @type {string} */ asOf) => { this.#asOf = asOf; this.querySelector(".as-of")?.removeAttribute("open"); this.changed(); };
    return html`<details class="as-of">
      <summary class="button quiet" aria-pressed=${String(Boolean(this.#asOf))}>${this.#asOf ? t("chat.asOf", { date: day(this.#asOf) }) : t("chat.asOfToday")}</summary>
      <div><label for="as-of">${t("chat.day")}</label>
        <input id="as-of" type="date" aria-describedby="as-of-hint" .value=${this.#asOf} @change=${(/** @type {Event} */ event) => choose(/** @type {HTMLInputElement} */ (event.target).value)}>
        <p class="hint" id="as-of-hint">${t("chat.asOfHint")}</p>
        ${this.#asOf ? html`<button type="button" class="small" @click=${() => choose("")}>${t("chat.today")}</button>` : nothing}</div>
    </details>`;
  }

  #menu() {
    return html`<details class="menu"><summary class="button quiet">${talk()}<span class="wordy">${t("chat.earlier")}</span></summary>
      <ul>${this.#earlier.slice(0, 30).map((one) => html`<li><button type="button" @click=${() => this.#turnTo(one.id)}>
        <span class="title">${one.title}</span><span class="sub">${date(one.updated_at, true)}</span></button></li>`)}</ul>
    </details>`;
  }
}

/** @param {DragEvent} event @param {boolean} over */
function hover(event, over) {
  if (!event.dataTransfer?.types.includes("Files")) return; // a word that is dragged into the field is not ours
  event.preventDefault();
  /** @type {HTMLElement} */ (event.currentTarget).classList.toggle("over", over);
}

define("balcao-counter", CounterPart);
