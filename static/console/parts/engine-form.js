/** The form for an engine: a new one, or one that is there. */
import { html, nothing } from "../../shared/lit.js";
import { leaving } from "./drawings.js";
import { t } from "../../shared/words.js";
import { choice, field } from "./field.js";

/** @typedef {import("../../shared/types").Engine} Engine */

/** @type {Engine["kind"][]} */
const KINDS = ["site", "openai", "anthropic", "mistral"];
const CONTEXT = 8192;

/**
 * @param {Partial<Engine>} one what it is so far; with an id it is changed, and stays of its kind
 * @param {{ save: (event: SubmitEvent) => void, kind: (kind: Engine["kind"]) => void, cancel: () => void }} actions
 */
export function engineForm(one, { save, kind, cancel }) {
  const outside = one.kind !== "site";
  const chosen = (/** @type {Event} */ event) => {
    const { name, value } = /** @type {HTMLSelectElement} */ (event.target);
    if (name === "kind") kind(/** @type {Engine["kind"]} */ (value));
  };
  return html`<form class="leaf" aria-labelledby="engine-title" @submit=${save} @change=${chosen}>
    <h3 id="engine-title">${one.id ? t("engines.editNamed", { name: one.name ?? "" }) : t("engines.new")}</h3>
    ${one.id ? nothing : choice({ name: "kind", label: t("engines.kind"), value: one.kind ?? "site", options: KINDS.map((each) => [each, t(`engines.kind.${each}`)]) })}
    ${outside ? html`<p class="leaves">${leaving()}<span>${t("engines.warning")}</span></p>` : nothing}
    ${field({ name: "name", label: t("assistant.name"), hint: t("engines.nameHint"), value: one.name, required: true, maxlength: 80 })}
    ${field({ name: "model", label: t("models.name"), hint: t("engines.modelHint"), value: one.model, required: true })}
    ${field({ name: "addresses", label: t("engines.addresses"), hint: t(outside ? "engines.addressesOutside" : "engines.addressesSite"), type: "textarea", rows: 2, maxlength: 4000, required: !outside, value: one.addresses?.join("\n") })}
    ${field({ name: "key", label: t("engines.key"), hint: t(one.has_key ? "engines.keyKept" : outside ? "engines.keyOutside" : "engines.keySite"), type: "password", autocomplete: "new-password", maxlength: 500, required: outside && !one.id })}
    ${field({ name: "context", label: t("engines.context"), hint: t("engines.contextHint"), type: "number", value: String(one.context ?? CONTEXT), required: true })}
    <div class="row end"><button type="button" @click=${cancel}>${t("engines.cancel")}</button><button class="primary">${t("engines.save")}</button></div>
  </form>`;
}
