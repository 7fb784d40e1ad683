/** Where a form goes besides the inbox: an e-mail, and a program that checks who sent it. */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import { confirmed } from "../parts/confirm.js";
import "../parts/copyable.js";
import { field } from "../parts/field.js";

class HookPart extends Part {
  assistant = "";
  /** @type {string | null} when the secret was made */
  #made = null;
  #secret = "";
  #problem = "";

  get #address() {
    return `/api/assistants/${this.assistant}/form-secret`;
  }

  opened() {
    void this.#trying(async () => { this.#made = (await get(this.#address)).made_at; });
  }

  /** @param {() => Promise<void>} act */
  async #trying(act) {
    this.#problem = "";
    try {
      await act();
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  async #renew() {
    const ask = { title: t("form.secretAnew"), body: t("form.secretAnewBody"), action: t("form.secretAnew") };
    if (this.#made && !(await confirmed(ask))) return;
    await this.#trying(async () => {
      const made = await request("POST", this.#address);
      [this.#secret, this.#made] = [made.secret, made.made_at];
    });
  }

  template() {
    return html`<div class="row"><p class="hint grow">${this.#made ? t("form.secretOf", { date: date(this.#made, true) }) : t("form.secretNone")}</p>
      <button type="button" class="small" @click=${() => void this.#renew()}>${t(this.#made ? "form.secretAnew" : "form.secretMake")}</button></div>
    ${this.#secret ? html`<div class="note" role="status"><p>${t("form.secretOnce")}</p><balcao-copyable .text=${this.#secret} .label=${t("form.secretCopy")}></balcao-copyable></div>` : nothing}
    ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}`;
  }
}

define("balcao-hook", HookPart);

/** @param {import("./form.js").Form} form @param {string} assistant its id */
export const onwards = (form, assistant) => html`
  ${field({ name: "mailTo", label: t("form.mailTo"), hint: t("form.mailToHint"), type: "email", value: form.mail_to })}
  ${field({ name: "webhook", label: t("form.webhook"), hint: t("form.webhookHint"), maxlength: 500, value: form.webhook })}
  <balcao-hook .assistant=${assistant}></balcao-hook>`;
