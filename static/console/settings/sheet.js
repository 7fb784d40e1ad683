/** One section of the settings: its form, and what else belongs to it (such as a test). */
import { Problem, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { changes, drawn } from "./fields.js";

/** @typedef {import("./fields.js").Section} Section */

/** Sections with a part of their own below the form: `<balcao-settings-NAME>`, in NAME.js. @type {string[]} */
const MORE = ["mail", "ldap", "oidc"];

class Sheet extends Part {
  /** @type {Section | null} */
  #section = null;
  #said = "";
  #problem = "";

  /** @param {Section} section */
  set section(section) {
    this.#section = section;
    if (MORE.includes(section.name)) void import(`./${section.name}.js`).then(() => this.changed());
    this.changed();
  }

  /** @param {Record<string, unknown>} changed */
  async #send(changed) {
    this.#said = this.#problem = "";
    try {
      if (Object.keys(changed).length) this.#section = await request("PATCH", `/api/settings/${this.#section?.name}`, changed);
      this.#said = t("settings.saved");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#problem = error.message;
    }
    this.changed();
  }

  /** @param {SubmitEvent} event @param {Section} section */
  #save(event, section) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    void this.#send(changes(section, new FormData(form))).then(() => {
      if (this.#problem) return;
      form.querySelectorAll("input[type=password]").forEach((one) => { /** @type {HTMLInputElement} */ (one).value = ""; });
    });
  }

  template() {
    const section = this.#section;
    if (!section) return nothing;
    const lead = t(`settings.${section.name}.lead`);
    return html`<section class="leaf" aria-labelledby="title-${section.name}">
      <h2 id="title-${section.name}">${t(`settings.${section.name}`)}</h2>
      <p class="hint">${lead}</p>
      <form @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event, section)}>
        ${section.fields.map((one) => drawn(section, one, () => void this.#send({ [one.name]: "" })))}
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
        <div class="row end"><span class="hint" role="status">${this.#said}</span><button class="primary">${t("settings.save")}</button></div>
      </form>
      ${customElements.get(`balcao-settings-${section.name}`) ? this.#more(section) : nothing}
    </section>`;
  }

  /** @param {Section} section */
  #more(section) {
    const part = /** @type {HTMLElement & { section: Section }} */ (this.querySelector(`balcao-settings-${section.name}`) ?? document.createElement(`balcao-settings-${section.name}`));
    part.section = section;
    return part;
  }
}

define("balcao-settings-sheet", Sheet);
