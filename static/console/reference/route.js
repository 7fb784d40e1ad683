/** One route of the reference: its line, and everything about it once it is opened. */
import { html, nothing } from "../../shared/lit.js";
import { listed, t } from "../../shared/words.js";
import "../parts/copyable.js";
import { curl } from "./curl.js";
import { callers, resolved, shape } from "./document.js";

/** @typedef {import("./document.js").Json} Json */
/** @typedef {import("./document.js").Route} Route */

/** @param {Json} doc @param {Route} route @param {boolean} open @param {(open: boolean) => void} turned */
export const drawn = (doc, route, open, turned) => html`<li><details id=${route.id} ?open=${open} @toggle=${(/** @type {Event} */ event) => turned(/** @type {HTMLDetailsElement} */ (event.target).open)}>
  <summary><span class="method">${route.method}</span> <code>${broken(route.path)}</code><span class="says">${prose(route.operation.summary ?? "")}</span></summary>
  ${open ? inside(doc, route) : nothing}
</details></li>`;

/** A path may be cut at its slashes on a narrow screen. @param {string} path */
const broken = (path) => path.split(/(?=\/)/).map((part) => html`${part}<wbr>`);

/** @param {string} text with `code` or ``code`` in it */
const prose = (text) => text.split(/``|`/).map((piece, index) => (index % 2 ? html`<code>${piece}</code>` : piece));

/** @param {Json} doc @param {Route} route */
function inside(doc, route) {
  const { operation } = route;
  const answers = Object.entries(operation.responses).filter(([status]) => status < "400");
  const refusals = Object.entries(operation.responses).filter(([status]) => status >= "400");
  return html`<div class="about">
    <p>${prose(operation.description ?? "")}</p>
    <h3>${t("reference.who")}</h3><p>${who(operation)}</p>
    ${operation.parameters?.length ? html`<h3>${t("reference.parameters")}</h3>${parameters(doc, operation.parameters)}` : nothing}
    ${operation.requestBody ? html`<h3>${t("reference.body")}</h3>${content(doc, operation.requestBody)}` : nothing}
    <h3>${t("reference.answer")}</h3>
    ${answers.map(([status, answer]) => html`<p><b>${status}</b></p>${content(doc, resolved(doc, /** @type {Json} */ (answer)))}`)}
    ${refusals.length ? html`<h3>${t("reference.refusals")}</h3><dl class="refusals">${refusals.map(([status, answer]) => html`<div><dt>${status}</dt><dd>${prose(resolved(doc, /** @type {Json} */ (answer)).description)}</dd></div>`)}</dl>` : nothing}
    <h3>${t("reference.example")}</h3>
    <balcao-copyable .text=${curl(doc, route, location.origin)} .label=${t("reference.copy")}></balcao-copyable>
  </div>`;
}

/** @param {Json} operation */
function who(operation) {
  const { roles, scopes, visitors, anyone } = callers(operation);
  if (anyone) return t("reference.anyone");
  return [
    roles.length && t("reference.roles", { roles: listed(roles) }),
    scopes.length && t("reference.scopes", { scopes: listed(scopes) }),
    visitors && t("reference.visitors"),
  ].filter(Boolean).join(" ");
}

/** @param {Json} doc @param {Json[]} all */
const parameters = (doc, all) => html`<dl>${all.map((one) => html`<div>
  <dt><code>${one.name}</code> <span class="sub">${t(`place.${one.in}`)}${one.required ? ` · ${t("reference.required")}` : nothing}</span></dt>
  <dd>${shape(doc, one.schema)}${one.schema.default ? ` = ${JSON.stringify(one.schema.default)}` : nothing}</dd></div>`)}</dl>`;

/** @param {Json} doc @param {Json} of a body or an answer */
function content(doc, of) {
  const kinds = Object.entries(of.content ?? {});
  if (!kinds.length) return html`<p class="hint">${t("reference.empty")}</p>`;
  return kinds.map(([kind, { schema = {} }]) => {
    const text = shape(doc, schema);
    const says = resolved(doc, schema).description;
    return html`<p class="sub">${kind}</p>${says ? html`<p class="hint">${prose(says)}</p>` : nothing}
      ${text === "…" ? nothing : html`<pre tabindex="0">${text}</pre>`}`;
  });
}
