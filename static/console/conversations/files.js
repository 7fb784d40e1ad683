/**
 * The files beside a conversation: laid there by a drop or by the keyboard, read by the server,
 * taken away by one button. Fires `began` with the conversation's id where the first file began one.
 */
import { get, request, upload } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { percent, t } from "../../shared/words.js";
import { close, upload as arrow } from "../parts/drawings.js";

/** @typedef {import("../../shared/types").AttachedFile} AttachedFile */
/** @typedef {{ name: string, share: number, problem: string }} Sending */

const LOOK_MS = 1000; // while one is being read
const settled = (/** @type {AttachedFile} */ one) => one.state === "ready" || one.state === "failed";

class FilesPart extends Part {
  assistant = "";
  /** @type {string | null} */
  #conversation = null;
  /** @type {AttachedFile[]} */
  #files = [];
  /** @type {Sending[]} on their way, or refused */
  #sending = [];
  #said = "";
  #timer = 0;

  /** @param {string | null} id */
  set conversation(id) {
    if (id === this.#conversation) return;
    this.#conversation = id;
    [this.#files, this.#sending, this.#said] = [[], this.#sending.filter((one) => !one.problem), ""];
    void this.#look();
  }

  closed() {
    clearTimeout(this.#timer);
  }

  async #look() {
    clearTimeout(this.#timer);
    const asked = this.#conversation;
    const items = asked ? await get(`/api/conversations/${asked}/files`).then((told) => told.items, () => this.#files) : [];
    if (asked !== this.#conversation) return;
    const before = new Map(this.#files.map((one) => [one.id, one.state]));
    this.#files = items;
    const ended = this.#files.find((one) => settled(one) && before.has(one.id) && before.get(one.id) !== one.state);
    if (ended) this.#said = ended.state === "ready" ? t("beside.saidReady", { name: ended.file_name }) : t("beside.saidFailed", { name: ended.file_name });
    if (this.isConnected && !this.#files.every(settled)) this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
    this.changed();
  }

  /** One after the other: the first may begin the conversation of the rest. @param {File[]} files */
  async take(files) {
    for (const file of files) await this.#send(file);
  }

  /** @param {File} file */
  async #send(file) {
    const one = { name: file.name, share: 0, problem: "" };
    this.#sending = [...this.#sending, one];
    this.changed();
    const beside = this.#conversation ? `conversations/${this.#conversation}` : `assistants/${this.assistant}`;
    const moved = (/** @type {number} */ share) => { one.share = share; this.changed(); };
    try {
      const { conversation } = await upload(`/api/${beside}/files`, file, moved);
      this.#sending = this.#sending.filter((other) => other !== one);
      if (!this.#conversation) {
        this.#conversation = conversation;
        this.dispatchEvent(new CustomEvent("began", { bubbles: true, detail: conversation }));
      }
      await this.#look();
    } catch (error) {
      one.problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {AttachedFile} file */
  async #remove(file) {
    this.#files = this.#files.filter((one) => one !== file);
    this.#said = t("beside.saidGone", { name: file.file_name });
    this.querySelector("input")?.focus(); // where the button was there is nothing any more
    this.changed();
    await request("DELETE", `/api/conversations/${this.#conversation}/files/${file.id}`).catch((error) => { this.#said = error.message; });
    await this.#look();
  }

  /** @param {Sending} one */
  #dismiss(one) {
    this.#sending = this.#sending.filter((other) => other !== one);
    this.querySelector("input")?.focus();
    this.changed();
  }

  template() {
    const chosen = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const files = [...(input.files ?? [])];
      input.value = "";
      void this.take(files);
    };
    const reading = this.#files.some((one) => !settled(one));
    return html`<div class="laid">
        <label class="button quiet small">${arrow()}<span class="wordy">${t("beside.attach")}</span><input class="unseen" type="file" multiple aria-describedby="beside-hint" @change=${chosen}></label>
        <span class="unseen" id="beside-hint">${t("beside.hint")}</span>
        ${this.#files.length || this.#sending.length ? html`<ul aria-label=${t("beside.files")}>${this.#files.map((one) => this.#file(one))}${this.#sending.map((one) => this.#onItsWay(one))}</ul>` : nothing}
      </div>
      ${reading ? html`<p class="hint">${t("beside.reading")}</p>` : nothing}
      <p class="unseen" role="status">${this.#said}</p>`;
  }

  /** @param {AttachedFile} one */
  #file(one) {
    return html`<li class=${one.state}>
      <span class="light ${settled(one) ? one.state : "reading"}">${one.state === "ready" ? html`<a href="#/documents/${one.id}">${one.title}</a>` : one.title}</span>
      <span class="sub">${one.state === "ready" ? t("documents.pages", { count: one.pages }) : t(`state.${one.state}`)}${one.pages_unreadable ? html` · <span class="bad">${t("documents.unreadable", { count: one.pages_unreadable })}</span>` : nothing}</span>
      <span class="acts-on">${one.state === "ready" ? html`<button type="button" class="quiet" aria-label=${t("beside.sumNamed", { name: one.file_name })} @click=${() => this.dispatchEvent(new CustomEvent("ask", { bubbles: true, detail: t("beside.sumAsk", { title: one.title }) }))}>${t("beside.sum")}</button>` : nothing}
        <button type="button" class="quiet" aria-label=${t("beside.remove", { name: one.file_name })} title=${t("beside.remove", { name: one.file_name })} @click=${() => void this.#remove(one)}>${close()}</button></span>
      ${one.problem ? html`<p class="problem">${one.problem.detail}</p>` : nothing}
    </li>`;
  }

  /** @param {Sending} one */
  #onItsWay(one) {
    return html`<li class=${one.problem ? "failed" : "queued"}>
      <span class="light ${one.problem ? "failed" : "reading"}">${one.name}</span>
      <span class="sub">${one.problem ? t("documents.refused") : t("documents.sending", { share: percent(one.share) })}</span>
      ${one.problem ? html`<button type="button" class="quiet" aria-label=${t("documents.dismiss", { title: one.name })} @click=${() => this.#dismiss(one)}>${close()}</button><p class="problem" role="alert">${one.problem}</p>` : nothing}
    </li>`;
  }
}

define("balcao-files", FilesPart);
export { FilesPart };
