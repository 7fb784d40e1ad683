/** How people reach an assistant: the line for a site, and the link. Fires `saved`. */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { mayChange } from "../session.js";
import { embedding } from "../maker/embed.js";
import "./copyable.js";

class SharePart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  #address = location.origin;
  #problem = "";

  opened() {
    get("/api/system").then((system) => { this.#address = system.address || location.origin; this.changed(); }, () => {});
  }

  /** @param {string[]} origins */
  async #keep(origins) {
    try {
      const detail = await request("PATCH", `/api/assistants/${this.assistant?.id}`, { origins });
      this.#problem = "";
      this.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail }));
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  template() {
    const one = this.assistant;
    if (!one) return nothing;
    return html`
      <section><h2>${t("share.embed")}</h2>
        <p class="hint">${t("share.embedHint")}</p>
        ${embedding(this.#address, one)}
        ${mayChange(one) ? html`<p class="hint">${t("visitors.sitesAre")} <a href="#/assistants/${one.id}/visitors">${t("tab.visitors")}</a></p>` : nothing}
      </section>
      <section><h2>${t("share.link")}</h2>
        <p class="hint">${t("share.linkHint")}</p>
        ${this.#link(one)}
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      </section>`;
  }

  /** The link is a page of this server, which has to be allowed like any other site. @param {import("../../shared/types").Assistant} one */
  #link(one) {
    const own = siteOf(this.#address) ?? location.origin;
    if (!mayChange(one) || one.origins.includes(own)) {
      return html`<balcao-copyable .text=${`${own}/w/${one.public_id}`} .label=${t("share.copyLink")}></balcao-copyable>`;
    }
    return html`<div><button type="button" @click=${() => this.#keep([...one.origins, own])}>${t("share.allowLink")}</button></div>`;
  }
}

/**
 * The origin in what somebody typed or pasted: "www.escola.br/contato" is enough.
 * @param {string} text
 * @returns {string | null}
 */
export function siteOf(text) {
  try {
    const { protocol, origin, hostname } = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
    return /^https?:$/.test(protocol) && /^[a-z0-9.:[\]-]+$/i.test(hostname) ? origin : null;
  } catch {
    return null;
  }
}

define("balcao-share", SharePart);
