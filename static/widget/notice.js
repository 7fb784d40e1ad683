/** What a visitor is told before the first question: who is responsible, what for, how long, whom to ask. */
import { html, nothing } from "../shared/lit.js";
import { t } from "../shared/words.js";

/** @typedef {{ version: number, basis: "acknowledgement" | "consent", text: string, controller: string, contact: string, purpose: string, retention: string, sensitive: string, link: string, guardian?: string }} Notice */

/** @param {Notice} one @param {string} problem @param {() => void} accept */
export const notice = (one, problem, accept) => html`<section class="notice" aria-labelledby="notice-title">
  <h2 id="notice-title" tabindex="-1">${t("notice.title")}</h2>
  <p class="said">${one.text}</p>
  ${one.guardian ? html`<p>${one.guardian}</p>` : nothing}
  <dl>${["controller", "contact", "purpose", "retention"].map((name) => html`<dt>${t(`notice.${name}`)}</dt><dd>${one[/** @type {"purpose"} */ (name)]}</dd>`)}</dl>
  <p><strong>${one.sensitive}</strong></p>
  <p>${t("notice.decisions")}</p>
  ${one.link ? html`<p><a href=${one.link} target="_blank" rel="noopener noreferrer">${t("notice.more")}</a></p>` : nothing}
  ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
  <form @submit=${(/** @type {SubmitEvent} */ event) => { event.preventDefault(); accept(); }}>
    ${one.basis === "consent" ? html`<label class="check"><input type="checkbox" required><span>${t("notice.agree")}</span></label>` : nothing}
    <button class="primary">${t(one.basis === "consent" ? "notice.go" : "notice.read")}</button>
  </form>
</section>`;
