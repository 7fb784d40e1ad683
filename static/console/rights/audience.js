/** For whom an assistant is, and who may change it: only administrators are shown this. Fires `saved`. */
import { all, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { awaited } from "../parts/awaited.js";
import { explained } from "../parts/field.js";

/** @typedef {{ id: string, name: string }} Named */

const WAYS = ["everyone", "signed_in", "groups"];

class AudiencePart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  /** @type {Named[] | null} */
  #groups = null;
  /** @type {Named[]} */
  #editors = [];
  #access = "";
  #said = "";
  #problem = "";

  /** @param {import("../../shared/types").Assistant | null} one */
  set assistant(one) {
    this.#assistant = one;
    this.changed();
  }

  opened() {
    void this.#trying(() => this.#look());
  }

  async #look() {
    const [groups, people] = await Promise.all([all("/api/groups"), all("/api/people")]);
    this.#groups = groups;
    this.#editors = people.filter((/** @type {{ role: string }} */ one) => one.role === "editor");
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#problem = this.#said = "";
    await work().catch((error) => { this.#problem = error.message; });
    this.changed();
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const all = (/** @type {string} */ name) => given.getAll(name).map(String);
    const access = String(given.get("access"));
    const groups = access === "groups" ? { groups: all("group") } : {};
    void this.#trying(async () => {
      const detail = await request("PATCH", `/api/assistants/${this.#assistant?.id}`, { access, ...groups, editors: all("editor") });
      this.#said = t("audience.saved");
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    });
  }

  template() {
    const one = this.#assistant;
    if (!one) return nothing;
    const access = this.#access || one.access || "everyone";
    return html`<section><h2>${t("audience.title")}</h2>
      ${this.#groups ? html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event)}
        @change=${(/** @type {Event} */ event) => this.#chosen(event)}>
        ${explained({ name: "access", label: t("audience.who"), value: access, options: WAYS.map((way) => [way, t(`audience.${way}`), t(`audience.${way}Does`)]) })}
        ${access === "groups" ? checks("group", t("audience.groups"), this.#groups, one.groups ?? [], t("audience.noGroups")) : nothing}
        ${checks("editor", t("audience.editors"), this.#editors, one.editors ?? [], t("audience.noEditors"))}
        <div class="row end"><p class="hint grow" role="status">${this.#said}</p><button class="primary">${t("audience.save")}</button></div>
      </form>` : this.#problem ? nothing : awaited()}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
    </section>`;
  }

  /** @param {Event} event */
  #chosen(event) {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    if (name === "access") this.#access = value;
    this.#said = "";
    this.changed();
  }
}

/** @param {string} name @param {string} label @param {Named[]} from @param {string[]} chosen @param {string} none what to say where there is nothing to choose from */
export function checks(name, label, from, chosen, none) {
  return html`<fieldset><legend>${label}</legend>
    ${from.map((one) => html`<label class="check"><input type="checkbox" name=${name} value=${one.id} ?checked=${chosen.includes(one.id)}><span>${one.name}</span></label>`)}
    ${from.length ? nothing : html`<p class="hint">${none}</p>`}
  </fieldset>`;
}

define("balcao-audience", AudiencePart);
