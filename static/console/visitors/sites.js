/** The sites that may show an assistant's chat. Fires `saved` with the assistant. */
import { request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { close } from "../parts/drawings.js";
import { t } from "../../shared/words.js";
import { answers, field } from "../parts/field.js";
import { siteOf } from "../parts/share.js";

class SitesPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  #assistant = null;
  #problem = "";

  /** @param {import("../../shared/types").Assistant | null} one */
  set assistant(one) {
    this.#assistant = one;
    this.changed();
  }

  /** @param {string[]} origins */
  async #keep(origins) {
    try {
      const detail = await request("PATCH", `/api/assistants/${this.#assistant?.id}`, { origins });
      this.#problem = "";
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {SubmitEvent} event */
  async #add(event) {
    const { origin } = answers(event);
    const site = siteOf(origin);
    if (!site) {
      this.#problem = t("share.notASite", { text: origin });
      return this.changed();
    }
    /** @type {HTMLFormElement} */ (event.target).reset();
    await this.#keep([...new Set([...(this.#assistant?.origins ?? []), site])]);
  }

  template() {
    const one = this.#assistant;
    if (!one) return nothing;
    return html`<section><h2>${t("share.sites")}</h2>
      <p class="hint">${t("share.sitesHint")}</p>
      ${one.origins.length
        ? html`<ul class="sites" aria-label=${t("share.sites")}>${one.origins.map((site) => html`<li><span>${site}</span>
          <button type="button" class="quiet" aria-label=${t("share.removeSite", { site })} @click=${() => this.#keep(one.origins.filter((other) => other !== site))}>${close()}</button></li>`)}</ul>`
        : html`<p class="note">${t("share.closed")}</p>`}
      <form class="row add" @submit=${(/** @type {SubmitEvent} */ event) => this.#add(event)}>
        ${field({ name: "origin", label: t("share.site"), required: true, placeholder: t("share.siteExample") })}
        <button>${t("share.addSite")}</button>
      </form>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
    </section>`;
  }
}

define("balcao-sites", SitesPart);
