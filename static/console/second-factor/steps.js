/** What two-step verification looks like at each of its steps. */
import { html } from "../../shared/lit.js";
import { date, t } from "../../shared/words.js";
import "../parts/copyable.js";
import { field } from "../parts/field.js";

/** @typedef {(event: SubmitEvent) => void} Send */

const password = () => field({ name: "password", label: t("factor.password"), type: "password", required: true, maxlength: 1024, autocomplete: "current-password" });
const code = (hint = "") => field({ name: "code", label: t("factor.code"), hint, required: true, maxlength: 40, autocomplete: "one-time-code" });

/** @param {Send} begin */
export const off = (begin) => html`<form class="leaf" @submit=${begin}>
  <h2>${t("factor.off")}</h2>
  <p>${t("factor.offLead")}</p>
  ${password()}
  <div class="row end"><button class="primary">${t("factor.begin")}</button></div>
</form>`;

/** @param {import("../pages/second-factor.js").Begun} shown @param {Send} confirm */
export const begun = (shown, confirm) => html`<form class="leaf" @submit=${confirm}>
  <h2>${t("factor.scan")}</h2>
  <div class="scan">
    <img src=${shown.picture} alt=${t("factor.picture")} width="196" height="196">
    <div><p>${t("factor.scanLead")}</p>
      <p class="hint">${t("factor.byHand")}</p><balcao-copyable .text=${shown.secret} .label=${t("factor.copySecret")}></balcao-copyable></div>
  </div>
  ${code(t("factor.codeHint"))}
  <div class="row end"><button class="primary">${t("factor.confirm")}</button></div>
</form>`;

/** @param {string[]} told @param {() => void} kept */
export const codes = (told, kept) => html`<section class="leaf" aria-labelledby="codes-title">
  <h2 id="codes-title">${t("factor.codes")}</h2>
  <p>${t("factor.codesLead")}</p>
  <balcao-copyable .text=${told.join("\n")} .label=${t("factor.copyCodes")}></balcao-copyable>
  <div class="row end"><button type="button" class="primary" @click=${kept}>${t("factor.kept")}</button></div>
</section>`;

/** @param {import("../pages/second-factor.js").SecondFactor} standing @param {{ renew: Send, remove: Send }} does */
export const on = (standing, does) => html`<section class="leaf" aria-labelledby="on-title">
    <h2 id="on-title">${t("factor.on")}</h2>
    <p>${t("factor.since", { date: date(standing.since ?? "") })} ${t("factor.left", { count: standing.codes_left })}</p>
  </section>
  ${more("codes", t("factor.renew"), t("factor.renewLead"), does.renew)}
  ${standing.required ? html`<p class="hint">${t("factor.stays")}</p>` : more("off", t("factor.turnOff"), t("factor.turnOffLead"), does.remove)}`;

/** A form that asks for everything once more. @param {string} name @param {string} title @param {string} lead @param {Send} send */
const more = (name, title, lead, send) => html`<details class="leaf" id="factor-${name}"><summary>${title}</summary>
  <form @submit=${send}><p>${lead}</p>${twice(name)}<div class="row end"><button class="primary">${title}</button></div></form></details>`;

/** Two forms stand on one page, so each labels its own fields. @param {string} name */
const twice = (name) => html`
  <div class="field"><label for="password-${name}">${t("factor.password")}</label><input id="password-${name}" name="password" type="password" required maxlength="1024" autocomplete="current-password"></div>
  <div class="field"><label for="code-${name}">${t("factor.code")}</label><input id="code-${name}" name="code" required maxlength="40" autocomplete="one-time-code"></div>`;
