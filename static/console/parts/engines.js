/** The engines beside the built-in one: what there is, how each stands, and the form for one. */
import { all, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { plus } from "./drawings.js";
import { t } from "../../shared/words.js";
import { confirmed } from "./confirm.js";
import { engineForm } from "./engine-form.js";
import { engineRow } from "./engine-row.js";
import { answers, lines } from "./field.js";

/** @typedef {import("../../shared/types").Engine} Engine */
/** @typedef {import("./engine-row.js").Checked} Checked */

class EnginesPart extends Part {
  /** @type {Engine[] | null} */
  #engines = null;
  /** @type {Map<string, Checked | "asking">} what came of trying them, by id */
  #checked = new Map();
  /** @type {Partial<Engine> | null} the one in the form */
  #draft = null;
  #problem = "";
  #begun = false; // whether the form was opened just now

  opened() {
    void this.#trying(async () => { this.#engines = await all("/api/engines"); });
  }

  drawn() {
    if (!this.#begun) return;
    this.#begun = false;
    /** @type {HTMLElement | null} */ (this.querySelector("form [name]"))?.focus();
  }

  /** @param {() => Promise<void>} work */
  async #trying(work) {
    this.#problem = "";
    this.changed();
    try {
      await work();
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {Partial<Engine> | null} draft */
  #edit(draft) {
    this.#draft = draft;
    this.#begun = draft !== null;
    this.#problem = "";
    this.changed();
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const { addresses, context, key, ...rest } = answers(event);
    const id = this.#draft?.id;
    const body = { ...rest, addresses: lines(addresses), context: Number(context), ...(key && { key }) };
    void this.#trying(async () => {
      const kept = await (id ? request("PATCH", `/api/engines/${id}`, body) : request("POST", "/api/engines", body));
      this.#put(kept);
      this.#checked.delete(kept.id);
      this.#draft = null;
    });
  }

  /** @param {Engine} one */
  #put(one) {
    const others = this.#engines ?? [];
    this.#engines = others.some(({ id }) => id === one.id) ? others.map((old) => (old.id === one.id ? one : old)) : [...others, one];
  }

  /** @param {Engine} one */
  #check(one) {
    this.#checked.set(one.id, "asking");
    void this.#trying(async () => {
      try {
        const { engine, ...checked } = await request("POST", `/api/engines/${one.id}/check`);
        this.#put(engine);
        this.#checked.set(one.id, checked);
      } finally {
        if (this.#checked.get(one.id) === "asking") this.#checked.delete(one.id);
      }
    });
  }

  /** @param {Engine} one */
  async #remove(one) {
    const body = t("engines.removeBody", { name: one.name });
    if (!(await confirmed({ title: t("engines.removeTitle"), body, action: t("engines.remove") }))) return;
    await this.#trying(async () => {
      await request("DELETE", `/api/engines/${one.id}`);
      this.#engines = (this.#engines ?? []).filter((other) => other.id !== one.id);
    });
  }

  template() {
    return html`<section aria-labelledby="engines">
      <div class="head"><div><h2 id="engines">${t("engines.title")}</h2><p class="lead">${t("engines.lead")}</p></div>
        ${this.#draft ? nothing : html`<button type="button" @click=${() => this.#edit({ kind: "site" })}>${plus()}${t("engines.add")}</button>`}</div>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      ${this.#draft
        ? engineForm(this.#draft, {
            save: (event) => this.#save(event),
            kind: (kind) => { this.#draft = { ...this.#draft, kind }; this.changed(); },
            cancel: () => this.#edit(null),
          })
        : nothing}
      ${this.#engines?.length ? this.#table(this.#engines) : html`<p class="hint">${this.#engines ? t("engines.none") : ""}</p>`}
    </section>`;
  }

  /** @param {Engine[]} engines */
  #table(engines) {
    return html`<div class="scroll"><table class="documents" aria-labelledby="engines">
      <thead><tr><th scope="col">${t("engines.name")}</th><th scope="col">${t("models.state")}</th><th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
      <tbody>${engines.map((one) => engineRow(one, this.#checked.get(one.id), {
        check: () => this.#check(one),
        edit: this.#draft ? null : () => this.#edit(one),
        remove: () => void this.#remove(one),
      }))}</tbody></table></div>`;
  }
}

define("balcao-engines", EnginesPart);
