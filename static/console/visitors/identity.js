/** How a site vouches for whom its visitor is: the secret, and whether others are let in. */
import { html, nothing } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import "../parts/copyable.js";

/** @typedef {{ made_at: string | null, required: boolean }} Identity */
/** @typedef {{ renew: () => void, require: (required: boolean) => void }} Does */

const SHOWN = `data-identity='{"id": "4711", "name": "Ana Souza", "expires": 1767225600}' data-signature="…"`;

/** @param {Identity} one @param {string} secret a new one, told only now @param {Does} does */
export const identity = (one, secret, does) => html`<section aria-labelledby="visitors-identity">
  <h2 id="visitors-identity">${t("visitors.identity")}</h2>
  <p class="hint">${t("visitors.identityHint")}</p>
  ${one.made_at ? html`<p>${t("visitors.secretOf", { date: date(one.made_at, true) })}</p>` : html`<p class="note">${t("visitors.noSecret")}</p>`}
  ${secret ? html`<div class="note" role="status"><p>${t("visitors.secretOnce")}</p><balcao-copyable .text=${secret} .label=${t("visitors.copySecret")}></balcao-copyable></div>` : nothing}
  ${one.made_at ? html`<div class="field"><p>${t("visitors.attributes")}</p><balcao-copyable .text=${SHOWN} .label=${t("visitors.copyAttributes")}></balcao-copyable>
    <p class="hint">${t("visitors.attributesHint")}</p></div>
    <label class="check"><input type="checkbox" .checked=${one.required}
      @change=${(/** @type {Event} */ event) => does.require(/** @type {HTMLInputElement} */ (event.target).checked)}><span>${t("visitors.required")}</span></label>` : nothing}
  <div class="row end"><button type="button" class=${one.made_at ? "" : "primary"} @click=${does.renew}>${t(one.made_at ? "visitors.renewSecret" : "visitors.makeSecret")}</button></div>
</section>`;
