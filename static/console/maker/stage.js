/** The preview: the real loader and the real page of the widget, fed with what is not saved yet. */
import { define, Part } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

const HOUR = 3600 * 1000;

class StagePart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  #draft = null;
  /** @type {import("../../shared/types").Language} */
  language = "pt";
  #dark = matchMedia("(prefers-color-scheme: dark)").matches;
  #narrow = false;
  #ready = false;
  #heard = (/** @type {MessageEvent} */ event) => {
    if (event.origin !== location.origin || event.source !== this.#frame?.contentWindow || event.data?.type !== "balcao:stage") return;
    this.#ready = true;
    this.#hand();
  };

  /** @param {import("../../shared/types").Assistant} one what to show now */
  set draft(one) {
    this.#draft = one;
    this.#hand();
  }

  get #frame() {
    return this.querySelector("iframe");
  }

  opened() {
    window.addEventListener("message", this.#heard);
  }

  closed() {
    window.removeEventListener("message", this.#heard);
  }

  #hand() {
    if (!this.#ready || !this.#draft) return;
    const { id, name, language, greeting, suggestions, contact, accent, leaves_building, look } = this.#draft;
    const assistant = { id, name, language, greeting, suggestions, contact, accent, leaves_building, look };
    const session = { token: "", expires_at: new Date(Date.now() + HOUR).toISOString(), language: this.language, scheme: this.#dark ? "dark" : "light", assistant };
    this.#frame?.contentWindow?.postMessage({ type: "balcao:draft", session }, location.origin);
  }

  /** @param {"dark" | "narrow"} what @param {boolean} wanted */
  #choose(what, wanted) {
    if (what === "dark") this.#dark = wanted;
    else this.#narrow = wanted;
    this.#hand();
    this.changed();
  }

  template() {
    const toggle = (/** @type {"dark" | "narrow"} */ what, /** @type {boolean} */ on, /** @type {boolean} */ now) => html`
      <button type="button" class="small" aria-pressed=${String(on === now)} @click=${() => this.#choose(what, on)}>${t(`stage.${what}${on ? "" : "Not"}`)}</button>`;
    return html`<div class="row" role="group" aria-label=${t("stage.ways")}>
        ${[false, true].map((on) => toggle("dark", on, this.#dark))}<span class="gap"></span>${[false, true].map((on) => toggle("narrow", on, this.#narrow))}
      </div>
      <div class="stage ${this.#narrow ? "phone" : ""}"><iframe title=${t("stage.title")}
        src="/static/widget/stage.html?assistant=${encodeURIComponent(this.#draft?.public_id ?? "")}"></iframe></div>
      <p class="hint">${t("stage.hint")}</p>`;
  }
}

define("balcao-stage", StagePart);
