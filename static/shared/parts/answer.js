/**
 * An answer, from the first passage to the last footnote.
 *
 * Waiting: the queue, then the passages. Writing: the text, each sentence with
 * its numbers once it is checked. Done: the sources as footnotes, and what can
 * be done with the answer. Opening a source fires `place` (bubbles, can be
 * refused); when nobody takes it the link itself leads to the page.
 */
import { waitingFor } from "../asking.js";
import { doubt, quietly } from "../doubt.js";
import { define, Part } from "../element.js";
import { html, nothing } from "../lit.js";
import { blocks } from "../text.js";
import { t } from "../words.js";
import { answerActions, askAgain } from "./answer-actions.js";
import { leaving, warning } from "./icons.js";
import { caveats } from "../caveats.js";
import { address, footnotes, offer, passageList, sourceName } from "./sources.js";

/** @typedef {import("../types").Exchange} Exchange */
/** @typedef {import("../text.js").Run} Run */

const NEAREST = 3; // passages shown with a refusal
/** @type {typeof import("./offers.js") | null} */
let beside = null;

class AnswerPart extends Part {
  /** @type {Exchange | null} */
  #exchange = null;
  contact = "";
  /** Takes a thumb; null where the answer is only to be read. @type {((good: boolean, reason?: string) => void) | null} */
  rate = () => {};
  /** Asks the same again; null while something is being answered, and where one only reads. @type {(() => void) | null} */
  again = null;

  /** @param {Exchange} exchange the same object changes while the answer grows */
  set exchange(exchange) {
    this.#exchange = exchange;
    this.changed();
  }

  template() {
    const exchange = this.#exchange;
    if (!exchange) return nothing;
    return html`
      ${exchange.state === "asking" ? this.#waiting(exchange) : nothing}
      ${exchange.text ? this.#text(exchange) : nothing}
      ${exchange.state === "stopped" ? html`<p class="aside">${t("answer.stopped")}</p>` : nothing}
      ${exchange.state === "problem" ? html`<p class="problem" role="alert">${warning()}<span>${exchange.problem}</span></p>` : nothing}
      ${["stopped", "problem"].includes(exchange.state) && !exchange.answer ? askAgain(this.again) : nothing}
      ${exchange.state === "refused" ? this.#refusal(exchange) : nothing}
      ${exchange.answer ? this.#after(exchange, exchange.answer) : nothing}`;
  }

  /** @param {Exchange} exchange */
  #waiting(exchange) {
    if (exchange.text) return nothing;
    const found = exchange.passages;
    return html`<div class="waiting">
      <p class="pulse" role="status">${waitingFor(exchange)}</p>
      ${found?.length ? passageList(found, this) : nothing}
    </div>`;
  }

  /** @param {Exchange} exchange */
  #text(exchange) {
    const writing = exchange.state === "asking";
    return html`<div class="written ${writing ? "writing" : ""}">
      ${blocks(exchange.text, exchange.sentences).map((block) => {
        const runs = block.runs.map((run) => this.#run(run, exchange));
        if (block.kind === "heading") return html`<p class="heading">${runs}</p>`;
        if (block.kind === "item") return html`<p class="item"><span class="bullet">${block.marker}</span><span>${runs}</span></p>`;
        return html`<p>${runs}</p>`;
      })}
    </div>`;
  }

  /** @param {Run} run @param {Exchange} exchange */
  #run(run, exchange) {
    const words = run.words.map((word) => (word.strong ? html`<strong>${word.text}</strong>` : word.text));
    if (!run.sentence) return words;
    if (!run.sentence.supported) {
      // The doubt is text in the page, not a tooltip: by mouse, by finger, by key and by ear.
      return html`<span class="unsupported" tabindex="0" role="note" @keydown=${quietly}>${words}<span class="doubt"> (${doubt(run.sentence)})</span></span>`;
    }
    return html`${words}${run.sentence.citations.map((n) => this.#cite(n, exchange))}`;
  }

  /** @param {number} n @param {Exchange} exchange */
  #cite(n, exchange) {
    const source = exchange.answer?.citations.find((one) => one.n === n) ?? exchange.passages?.find((one) => one.n === n);
    if (!source) return nothing;
    const name = t("answer.source", { n, name: sourceName(source) });
    return html`<a class="cite" href=${address(source)} aria-label=${name} title=${sourceName(source)}
      @click=${(/** @type {MouseEvent} */ event) => this.open(event, source)}>${n}</a>`;
  }

  /** @param {Exchange} exchange */
  #refusal(exchange) {
    return html`
      ${this.contact && !exchange.text.includes(this.contact) ? html`<p class="aside">${t("answer.contact", { contact: this.contact })}</p>` : nothing}
      ${exchange.passages?.length ? html`<p class="label">${t("answer.nearest")}</p>${passageList(exchange.passages.slice(0, NEAREST), this)}` : nothing}`;
  }

  /** @param {Exchange} exchange @param {import("../types").Answer} answer */
  #after(exchange, answer) {
    const cited = answer.citations.length;
    return html`
      ${this.#offers(answer)?.approval(answer)}
      ${cited ? footnotes(answer.citations, this) : nothing}
      ${caveats(answer).map((caveat) => html`<p class="aside caveat">${caveat}</p>`)}
      ${answer.left_building ? html`<p class="leaves">${leaving()}<span>${t("answer.left")}</span></p>` : nothing}
      ${this.rate ? this.#offers(answer)?.offers(answer, this) : nothing}
      ${this.rate && answer.handover ? this.#handover(answer) : nothing}
      ${this.rate && answer.form ? this.#form(answer) : nothing}
      ${answerActions(exchange, answer, this.rate, this.again, () => this.changed())}
      ${exchange.state !== "refused" && answer.passages.length
        ? html`<details class="read"><summary>${t("answer.passages", { count: answer.passages.length })}</summary>${passageList(answer.passages, this, answer.citations)}</details>`
        : nothing}`;
  }

  // What few answers have is fetched with the first that has it.
  /** @param {import("../types").Answer} answer */
  #handover(answer) {
    if (customElements.get("balcao-handover")) return html`<balcao-handover .conversation=${answer.conversation}></balcao-handover>`;
    return void import("./handover.js").then(() => this.changed());
  }

  /** @param {import("../types").Answer} answer */
  #form(answer) {
    if (customElements.get("balcao-form")) return html`<balcao-form .conversation=${answer.conversation}></balcao-form>`;
    return void import("./form.js").then(() => this.changed());
  }

  /** @param {import("../types").Answer} answer */
  #offers({ said_by, offers }) {
    if (!beside && (said_by || offers?.length)) void import("./offers.js").then((told) => { beside = told; this.changed(); });
    return beside;
  }

  /** @param {MouseEvent} event @param {import("./sources.js").Where} source */
  open(event, source) {
    const cited = this.#exchange?.answer?.citations ?? [];
    const within = cited.some((one) => one.start === source.start && one.document.id === source.document.id);
    offer(this, event, source, within ? cited : this.#exchange?.passages ?? []);
  }
}

define("balcao-answer", AnswerPart);
export { AnswerPart };
