/** The language model that writes the answers: which, how it stands, and what to do when it fails. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

/**
 * @typedef {object} InUse
 * @property {string} name "" for none
 * @property {"none" | "loading" | "ready" | "failed" | "away"} state
 * @property {string | null} reason
 * @property {boolean} fixed by the settings
 * @property {string | null} former the model before it, where it is still here
 * @property {string[]} notices what the engine survived, the newest first
 */

const LIGHTS = { none: "queued", loading: "reading", ready: "ready", failed: "failed", away: "wanting" };

/**
 * @param {InUse} one
 * @param {{ use: (name: string) => void, leave: () => void }} actions
 */
export function modelInUse(one, { use, leave }) {
  const former = one.former ?? "";
  const back = !one.fixed && former && one.state !== "ready" && one.state !== "loading";
  return html`<section class="note in-use" aria-labelledby="in-use">
    <h2 id="in-use">${t("models.writes")}</h2>
    <div role="status">
      <p class="light ${LIGHTS[one.state]}">${t(`models.writes.${one.state}`, { name: one.name })}</p>
      ${one.state === "failed" ? html`<p class="problem">${one.reason}</p>` : nothing}
    </div>
    ${one.notices.length ? html`<details class="hint"><summary>${t("models.notices", { count: one.notices.length })}</summary>
      <ul>${one.notices.map((notice) => html`<li>${notice}</li>`)}</ul></details>` : nothing}
    ${one.fixed ? html`<p class="hint">${t("models.fixed", { name: one.name })}</p>` : nothing}
    ${back || (one.name && !one.fixed) ? html`<div class="row">
      ${back ? html`<button type="button" class="small" @click=${() => use(former)}>${t(one.name ? "models.backTo" : "models.useAgain", { name: former })}</button>` : nothing}
      ${one.name && !one.fixed ? html`<button type="button" class="small" @click=${leave}>${t("models.leave")}</button>` : nothing}
    </div>` : nothing}
  </section>`;
}
