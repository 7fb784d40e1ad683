/** One group of the gap inbox, opened: what was asked and said, and the ways to close it. Fires `settled` with the group as it is then. */
import { get, request, upload } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { answers, field, lines } from "../parts/field.js";
import { Reading } from "../parts/reading.js";

/** @typedef {import("./gaps.js").Gap} Gap */
/** @typedef {{ message: string, question: string, asked_at: string, state: string, said: string, reason: string }} Example */
/** @typedef {{ question: string, before: Example, after: import("../../shared/types").Answer }} Again */

const REASONS = ["wrong", "incomplete", "source", "unclear"];

class GapPart extends Part {
  /** @type {Gap | null} */
  gap = null;
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {Example[] | null} */
  #examples = null;
  /** @type {Again | null} */
  #again = null;
  #writing = false;
  #doing = "";
  #said = "";
  #problem = "";
  /** @type {Reading | null} */
  #reading = null;

  get #address() {
    return `/api/gaps/${this.gap?.id}`;
  }

  opened() {
    void this.#trying("", async () => { this.#examples = (await get(this.#address)).examples; });
  }

  /** @param {string} doing what is going on, for whoever waits @param {() => Promise<void>} work @param {string} [said] */
  async #trying(doing, work, said = "") {
    [this.#doing, this.#said, this.#problem] = [doing, "", ""];
    this.changed();
    try {
      await work();
      this.#said = said;
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.#doing = "";
    this.changed();
  }

  /** @param {Gap} detail */
  #settled(detail) {
    this.gap = detail;
    this.dispatchEvent(new CustomEvent("settled", { bubbles: true, detail }));
  }

  /** @param {string} state @param {string} said */
  #settle(state, said) {
    void this.#trying("", async () => this.#settled(await request("PATCH", this.#address, { state })), said);
  }

  #undo() {
    void this.#trying("", async () => this.#settled(await request("POST", `${this.#address}/undo`, {})), t("gaps.undone"));
  }

  /** @param {SubmitEvent} event */
  #approve(event) {
    const { questions, text } = answers(event);
    void this.#trying("", async () => {
      const { gap } = await request("POST", `${this.#address}/answer`, { text, questions: lines(questions) });
      this.#writing = false;
      this.#settled(gap);
    }, t("gaps.approved"));
  }

  #ask() {
    void this.#trying(t("gaps.asking"), async () => { this.#again = await request("POST", `${this.#address}/again`, {}); });
  }

  /** @param {Event} event */
  #attach(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    const shelf = this.assistant?.collections[0];
    if (!file || !shelf) return;
    void this.#trying(t("gaps.reading", { name: file.name }), async () => {
      const { documents } = await upload(`/api/collections/${shelf}/documents`, file, () => {});
      const now = await this.#read(documents[0].id);
      if (now.state !== "ready") throw new Error(now.problem?.detail ?? t("problem.unexpected"));
      this.#settled(await request("PATCH", this.#address, { state: "answered", document: now.id }));
    }, t("gaps.attached", { name: file.name })).then(() => { input.value = ""; });
  }

  /**
   * A document once it was read, or could not be.
   * @param {string} id @returns {Promise<import("../../shared/types").DocumentRecord>}
   */
  #read(id) {
    return new Promise((resolve) => {
      this.#reading = new Reading(() => {}, resolve);
      this.#reading.follow(id);
    });
  }

  closed() {
    this.#reading?.close();
  }

  template() {
    return html`
      ${this.#examples?.length ? html`<ul class="examples" aria-label=${t("gaps.examples")}>${this.#examples.map(example)}</ul>` : nothing}
      ${this.#examples?.length === 0 ? html`<p class="hint">${t("gaps.minors")}</p>` : nothing}
      ${this.#writing ? this.#form() : this.#ways()}
      <p class="hint" role="status">${this.#doing ? html`<span class="pulse">${this.#doing}</span>` : this.#said}</p>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${this.#again ? compared(this.#again) : nothing}`;
  }

  #ways() {
    const { state, undoable } = /** @type {Gap} */ (this.gap);
    const act = (/** @type {string} */ text, /** @type {() => void} */ does) => html`<button type="button" class="small" ?disabled=${Boolean(this.#doing)} @click=${does}>${text}</button>`;
    const write = () => { this.#writing = true; this.changed(); queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector("[name=text]"))?.focus()); };
    return html`<div class="row">
      ${state === "answered" || state === "told" ? nothing : html`${act(t("gaps.write"), write)}
        <label class="button small">${t("gaps.attach")}<input class="unseen" type="file" ?disabled=${Boolean(this.#doing)} @change=${(/** @type {Event} */ event) => this.#attach(event)}></label>`}
      ${this.#examples?.length ? act(t("gaps.again"), () => this.#ask()) : nothing}
      ${state === "answered" ? act(t("gaps.tell"), () => this.#settle("told", t("gaps.isTold"))) : nothing}
      ${state === "open" ? act(t("gaps.dismiss"), () => this.#settle("dismissed", t("gaps.isDismissed"))) : nothing}
      ${undoable ? act(t("gaps.undo"), () => this.#undo()) : nothing}
    </div>`;
  }

  #form() {
    const asked = (this.#examples ?? []).map((one) => one.question.replace(/\s+/g, " ")).join("\n");
    return html`<form class="leaf" aria-label=${t("gaps.write")} @submit=${(/** @type {SubmitEvent} */ event) => this.#approve(event)}>
      ${field({ name: "questions", label: t("gaps.questions"), hint: t("gaps.questionsHint"), type: "textarea", rows: 3, maxlength: 20000, required: true, value: asked })}
      ${field({ name: "text", label: t("gaps.text"), type: "textarea", rows: 4, maxlength: 8000, required: true })}
      <div class="row end"><button type="button" @click=${() => { this.#writing = false; this.changed(); }}>${t("gaps.leave")}</button><button class="primary">${t("gaps.approve")}</button></div>
    </form>`;
  }
}

/** @param {Example} one */
const example = ({ question, asked_at, state, said, reason }) => html`<li>
  <p><strong>${question}</strong> <span class="hint">${date(asked_at, true)}</span></p>
  ${said ? html`<p class="sub">${t(state === "refused" ? "gaps.wasRefused" : "gaps.wasSaid")}${REASONS.includes(reason) ? ` (${t(`reason.${reason}`)})` : ""}: ${said}</p>` : nothing}
</li>`;

/** @param {Again} again */
const compared = ({ question, before, after }) => html`<section class="compared" aria-label=${t("gaps.compared")}>
  <h2>${question}</h2>
  <div><p class="label">${t("gaps.before")}</p><p>${before.said || t("gaps.nothing")}</p></div>
  <div class=${after.state === "refused" ? "" : "better"}><p class="label">${t(after.state === "refused" ? "gaps.nowRefused" : "gaps.now")}</p><p>${after.answer}</p></div>
</section>`;

define("balcao-gap", GapPart);
