/**
 * The chat, the same in the console and in the widget: greeting, suggestions,
 * questions with their answers, the field. Fires `conversation` with the id
 * once there is one; sources fire `place`.
 */
import { Asking } from "../asking.js";
import { dress } from "../colour.js";
import { define, Part } from "../element.js";
import { html, nothing } from "../lit.js";
import { t } from "../words.js";
import "./answer.js";
import { leaving } from "./icons.js";
import "./composer.js";

/** @typedef {import("../types").Counter} Counter */
/** @typedef {import("../types").Exchange} Exchange */

class ChatPart extends Part {
  /** @type {(Counter & { id: string }) | null} */
  assistant = null;
  /** @type {string | null} a conversation to show again */
  conversation = null;
  /** The day that questions are about, "2024-05-01"; "" is today. */
  asOf = "";
  lead = ""; // what the house says to whoever has not asked yet; nothing in the widget
  /** What stands under an answer that has ended; nothing in the widget. @type {(exchange: Exchange) => unknown} */
  below = () => nothing;
  /** @type {Asking | null} */
  #asking = null;
  #said = "";
  #problem = "";
  /** Whether the reader is at the end: only then does new text pull the page along. */
  #atEnd = true;

  opened() {
    if (!this.assistant) return;
    dress(this, this.assistant.accent);
    this.#asking = new Asking(this.assistant.id, () => this.#follow(), (sentence) => { this.#said = sentence; });
    if (this.conversation) this.#asking.resume(this.conversation).catch((error) => this.#fail(error));
  }

  closed() {
    this.#asking?.stop();
  }

  /** Begins anew, or goes on with an earlier conversation. @param {string | null} conversation */
  begin(conversation) {
    this.#asking?.stop();
    this.conversation = conversation;
    [this.#said, this.#problem, this.#atEnd] = ["", "", true];
    this.opened();
    this.changed();
    this.focus();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.querySelector("balcao-composer"))?.focus();
  }

  /** @param {string} question */
  ask(question) {
    [this.#problem, this.#atEnd] = ["", true];
    if (this.#asking) this.#asking.asOf = this.asOf;
    void this.#asking?.ask(question);
  }

  /** @param {Exchange} exchange */
  #again(exchange) {
    this.#atEnd = true;
    void this.#asking?.again(exchange);
  }

  #follow() {
    const id = this.#asking?.conversation;
    if (id && id !== this.conversation) {
      this.conversation = id;
      this.dispatchEvent(new CustomEvent("conversation", { bubbles: true, detail: id }));
    }
    this.changed();
  }

  /** @param {Error} error */
  #fail(error) {
    this.#problem = error.message;
    this.changed();
  }

  drawn() {
    const thread = this.querySelector(".thread");
    if (!thread || !this.#atEnd || !this.#asking?.exchanges.length) return;
    // The answers draw themselves after this: only the next frame knows how tall they are.
    // The end is followed only until the question reaches the top: it stays in sight.
    requestAnimationFrame(() => {
      const question = [...thread.querySelectorAll(".exchange")].at(-1);
      const above = question ? question.getBoundingClientRect().top - thread.getBoundingClientRect().top : 0;
      thread.scrollTop = Math.min(thread.scrollHeight, thread.scrollTop + above);
    });
  }

  #scrolled() {
    const thread = /** @type {HTMLElement} */ (this.querySelector(".thread"));
    this.#atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  }

  template() {
    const asking = this.#asking;
    if (!asking || !this.assistant) return nothing;
    return html`
      <div class="thread" role="log" aria-live="off" aria-label=${t("chat.log")} tabindex="0" @scroll=${() => this.#scrolled()} @ask=${(/** @type {CustomEvent} */ event) => this.ask(event.detail)}>
        <div class="column">
          ${this.#welcome(asking)}
          ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
          ${asking.exchanges.map((exchange) => html`<article class="exchange">
            <h2 class="question">${exchange.question}</h2>
            <balcao-answer .again=${asking.busy ? null : () => this.#again(exchange)} .contact=${this.assistant?.contact ?? ""} .exchange=${exchange}
              .rate=${(/** @type {boolean} */ good, /** @type {string | undefined} */ reason) => asking.rate(exchange, good, reason).catch((error) => this.#fail(error))}></balcao-answer>
            ${exchange.answer ? this.below(exchange) : nothing}
          </article>`)}
        </div>
      </div>
      <p class="unseen" aria-live="polite">${this.#said}</p>
      <div class="column foot">
        <balcao-composer .busy=${asking.busy} .ask=${(/** @type {string} */ question) => this.ask(question)} .stop=${() => asking.stop()}></balcao-composer>
        ${this.assistant.leaves_building ? html`<p class="leaves">${leaving()}<span>${t("chat.leaves")}</span></p>` : nothing}
        <p class="fine">${this.#disclaimer}${t("chat.fine")} ${t("notice.decisions")}${this.assistant.contact ? html` ${t("answer.contact", { contact: this.assistant.contact })}` : nothing}</p>
      </div>`;
  }

  /** What the house itself wants said under the chat. */
  get #disclaimer() {
    const { disclaimer, look } = /** @type {Counter} */ (this.assistant);
    const said = disclaimer ?? look?.disclaimer;
    return said ? html`<span class="disclaimer">${said}</span>` : nothing;
  }

  /** @param {Asking} asking */
  #welcome(asking) {
    const { greeting, name, form, ...said } = /** @type {Counter} */ (this.assistant);
    const suggestions = form ? [...said.suggestions, form] : said.suggestions;
    return html`<div class="welcome">
      <p class="greeting">${greeting || t("chat.greeting", { name })}</p>${this.lead && !this.conversation && !asking.exchanges.length ? html`<p class="lead">${this.lead}</p>` : nothing}
      ${asking.exchanges.length || !suggestions.length ? nothing : html`<ul class="suggestions" aria-label=${t("chat.suggestions")}>
        ${suggestions.map((one) => html`<li><button type="button" @click=${() => this.ask(one)}>${one}</button></li>`)}
      </ul>`}
    </div>`;
  }
}

define("balcao-chat", ChatPart);
export { ChatPart };
