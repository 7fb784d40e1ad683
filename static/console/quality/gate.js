/**
 * The gate before publishing: the change that waits for the golden questions or did not pass them,
 * and whether there is a gate. Fires `saved` with the assistant once a change was published.
 */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { follow } from "../jobs/stream.js";
import { collectionNames, difference } from "../maker/difference.js";
import { confirmed } from "../parts/confirm.js";

/** @typedef {import("../../shared/types").Gate} Gate */

class GatePart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  /** Whether it can be set up here, or only what is held is shown. */
  setting = false;
  /** @type {Gate | null} */
  #gate = null;
  /** @type {Map<string, string>} of collections */
  #names = new Map();
  #said = "";
  #problem = "";
  /** @type {() => void} */
  #leave = () => {};

  /** After every change the gate is looked at. @param {import("../../shared/types").Assistant | null} one */
  set assistant(one) {
    if (one === this.#assistant) return;
    this.#assistant = one;
    if (this.isConnected) void this.#trying(() => this.#look());
  }

  opened() {
    void this.#trying(() => this.#look());
    this.#leave = follow((job) => {
      if (job.kind === "golden" && job.subject === this.#assistant?.id && job.ended_at && this.#gate?.held) void this.#trying(() => this.#ended());
    });
  }

  closed() {
    this.#leave();
  }

  get #address() {
    return `/api/assistants/${this.#assistant?.id}/gate`;
  }

  async #look() {
    const gate = /** @type {Gate} */ (await get(this.#address));
    this.#names = await collectionNames(gate.held?.changes ?? [], this.#names);
    this.#gate = gate;
  }

  async #ended() {
    await this.#look();
    if (this.#gate?.held) return;
    this.#said = t("gate.published");
    this.#tell(await get(`/api/assistants/${this.#assistant?.id}`));
  }

  /** @param {unknown} detail the assistant */
  #tell(detail) {
    this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
  }

  /** @param {() => Promise<unknown>} work */
  async #trying(work) {
    this.#problem = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  /** @param {Event} event */
  #turn(event) {
    const on = /** @type {HTMLInputElement} */ (event.target).checked;
    void this.#trying(async () => { this.#gate = await request("PATCH", this.#address, { on }); });
  }

  #publish() {
    void this.#trying(async () => {
      if (!(await confirmed({ title: t("gate.anywayTitle"), body: t("gate.anywayBody"), action: t("gate.anyway") }))) return;
      const detail = await request("POST", `${this.#address}/publish`);
      this.#said = t("gate.published");
      await this.#look();
      this.#tell(detail);
    });
  }

  #drop() {
    void this.#trying(async () => {
      await request("DELETE", `${this.#address}/held`);
      this.#said = t("gate.dropped");
      await this.#look();
    });
  }

  template() {
    const gate = this.#gate;
    return html`${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${gate && this.setting ? html`<label class="check"><input type="checkbox" .checked=${gate.on} aria-describedby="gate-hint" @change=${(/** @type {Event} */ event) => this.#turn(event)}><span>${t("gate.on")}</span></label>
        <p class="hint" id="gate-hint">${t("gate.hint")}</p>` : nothing}
      ${gate?.held && !this.setting ? this.#held(gate.held) : nothing}
      ${gate?.on || this.setting ? html`<p class=${this.setting ? "unseen" : "hint"} role="status">${this.#said}</p>` : nothing}`;
  }

  /** @param {NonNullable<Gate["held"]>} held */
  #held(held) {
    return html`<section class="note held" aria-labelledby="held-title">
      <h2 id="held-title"><span class="light ${held.asking ? "reading" : "failed"}">${held.asking ? t("gate.asking") : t("gate.red")}</span></h2>
      <p>${held.asking ? t("gate.askingBody") : t("gate.redBody")}</p>
      ${held.red.length ? html`<ul class="changed">${held.red.map((one) => html`<li>${one.question}</li>`)}</ul>` : nothing}
      <details><summary>${t("gate.changes", { count: held.changes.length })}</summary><dl>${held.changes.map((each) => difference(each, this.#assistant?.id ?? "", this.#names))}</dl></details>
      <div class="row"><button type="button" @click=${() => this.#publish()}>${t("gate.anyway")}</button>
        <button type="button" class="quiet" @click=${() => this.#drop()}>${t("gate.drop")}</button></div>
    </section>`;
  }
}

define("balcao-gate", GatePart);
