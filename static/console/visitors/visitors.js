/** How visitors meet an assistant: the sites they come from, what they are told, how much they may ask. Fires `saved`. */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { awaited } from "../parts/awaited.js";
import { confirmed } from "../parts/confirm.js";
import { identity } from "./identity.js";
import { limits } from "./limits.js";
import { notice, versions } from "./notice.js";
import "./sites.js";

/** @typedef {{ day: string, questions: number | null, visitors: number | null }} Use */
/** @typedef {{ limits: Record<string, number>, today: Use, under_way: number, notice: import("./notice.js").Notice, keep_days: number | null, audience: "adults" | "minors", identity: import("./identity.js").Identity }} Sheet */

class VisitorsPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  /** @type {Sheet | null} */
  #sheet = null;
  /** @type {import("./notice.js").Notice[] | null} */
  #versions = null;
  #secret = "";
  #said = "";
  #problem = "";

  /** @param {import("../../shared/types").Assistant | null} one */
  set assistant(one) {
    this.#assistant = one;
    this.changed();
  }

  get #address() {
    return `/api/assistants/${this.#assistant?.id}/visitors`;
  }

  opened() {
    void this.#trying(() => get(this.#address));
  }

  /** @param {() => Promise<Sheet>} ask @param {string} [said] what to say once it is done */
  async #trying(ask, said = "") {
    this.#said = this.#problem = "";
    try {
      this.#sheet = await ask();
      if (this.#versions) this.#versions = await versions(this.#assistant?.id ?? "");
      this.#said = said;
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {Record<string, unknown>} changes */
  #change(changes) {
    void this.#trying(() => request("PATCH", this.#address, changes), t("visitors.saved"));
  }

  async #renew() {
    const ask = { title: t("visitors.renewTitle"), body: t("visitors.renewBody"), action: t("visitors.renewSecret") };
    if (this.#sheet?.identity.made_at && !(await confirmed(ask))) return;
    void this.#trying(async () => {
      this.#secret = (await request("POST", `${this.#address}/identity`)).secret;
      return get(this.#address);
    });
  }

  async #show() {
    this.#versions = await versions(this.#assistant?.id ?? "");
    this.changed();
  }

  template() {
    const sheet = this.#sheet;
    return html`<balcao-sites .assistant=${this.#assistant}></balcao-sites>
      ${sheet ? html`<section aria-labelledby="visitors-audience"><h2 id="visitors-audience">${t("visitors.audience")}</h2>
        <label class="check"><input type="checkbox" .checked=${sheet.audience === "minors"}
          @change=${(/** @type {Event} */ event) => this.#change({ audience: /** @type {HTMLInputElement} */ (event.target).checked ? "minors" : "adults" })}><span>${t("visitors.minors")}</span></label>
        <p class="hint">${t("visitors.minorsHint")}</p></section>` : nothing}
      ${sheet ? notice(sheet, this.#versions, { save: (changed) => this.#change(changed), show: () => void this.#show() }) : nothing}
      ${sheet ? identity(sheet.identity, this.#secret, { renew: () => void this.#renew(), require: (required) => this.#change({ identity_required: required }) }) : nothing}
      ${sheet ? limits(sheet, (changed) => this.#change({ limits: changed })) : this.#problem ? nothing : awaited()}
      <p class="hint" role="status">${this.#said}</p>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}`;
  }
}

define("balcao-visitors", VisitorsPart);
