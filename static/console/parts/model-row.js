/** One model in the table: what it is, how it stands here, and what can be done with it. */
import { html, nothing } from "../../shared/lit.js";
import { bin } from "./drawings.js";
import { NAMES, date, number, size, t } from "../../shared/words.js";
import { sending } from "./sending.js";

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {"language" | "embedder"} kind
 * @property {string} description
 * @property {string} licence
 * @property {("pt" | "en" | "es")[]} languages
 * @property {number} ram_mb
 * @property {boolean} fits
 * @property {"installed" | "ready" | "damaged" | "partial" | "absent"} state
 * @property {number} size
 * @property {number} fetched
 * @property {string} sha256
 * @property {string | null} imported_at
 * @property {boolean} in_use
 * @property {string[]} hosts
 * @property {boolean} brought
 * @property {import("./sending.js").Upload | null} upload
 * @property {{ measured_at: string, memory_mb: number, doubt: string | null } | null} measured
 * @property {string | null} outlook how many people it serves here, measured or reckoned
 * @property {import("../../shared/types").Job | null} job
 */

/**
 * @typedef {object} Actions
 * @property {() => void} pull
 * @property {() => void} bring
 * @property {() => void} cancel
 * @property {() => void} remove
 * @property {() => void} use
 * @property {() => void} check
 * @property {(file: File) => void} send
 * @property {() => void} stop sending, or forget why it failed
 * @property {boolean} fixed whether the settings choose the model
 */

const LIGHTS = { installed: "ready", ready: "ready", damaged: "failed", partial: "queued", absent: "queued" };

/** @param {Model} one @param {Actions} actions */
export function modelRow(one, actions) {
  const busy = ["queued", "running"].includes(one.job?.state ?? "");
  const sent = sending(one.name);
  const failed = one.job?.state === "failed" && one.job.problem ? one.job.problem.detail : "";
  return html`<tr>
    <th scope="row">${one.name}<span class="sub">${one.description}</span>
      <span class="sub">${one.licence} · ${one.languages.map((code) => NAMES[code]).join(", ")}</span>
      ${outlook(one)}
      ${failed || sent?.problem ? html`<p class="problem" role="alert">${sent?.problem || failed}</p>` : nothing}</th>
    <td class="state">${sent && !sent.problem ? leaving(one, sent) : busy ? coming(one) : standing(one)}</td>
    <td class="count">${t("models.memory", { size: gigabytes(one.ram_mb) })}
      ${one.fits ? nothing : html`<span class="sub bad">${t("models.tooBig")}</span>`}
      ${one.size ? html`<span class="sub">${t("models.disk", { size: size(one.size) })}</span>` : nothing}</td>
    <td class="do"><div class="row">${sent && !sent.problem
      ? button(t("models.cancel"), t("models.stopSendingNamed", { name: one.name }), actions.stop)
      : busy
        ? button(t("models.cancel"), t(one.job?.kind === "check" ? "models.stopCheckNamed" : "models.cancelNamed", { name: one.name }), actions.cancel)
        : choices(one, actions)}</div></td>
  </tr>`;
}

/** @param {Model} one @param {Actions} actions */
function choices(one, { pull, bring, remove, use, check, send, fixed }) {
  const { name } = one;
  const here = one.state === "ready" || one.state === "damaged";
  const writes = one.kind === "language";
  return html`
    ${writes && here && !one.in_use && !fixed ? button(t("models.use"), t("models.useNamed", { name }), use) : nothing}
    ${writes && one.state === "ready" ? button(t("models.check"), t("models.checkNamed", { name }), check) : nothing}
    ${!here && one.brought ? button(t("models.import"), t("models.importNamed", { name }), bring) : nothing}
    ${!here && one.hosts.length ? button(t(one.fetched ? "models.goOn" : "models.pull"), t(one.fetched ? "models.goOnNamed" : "models.pullNamed", { name }), pull) : nothing}
    ${!here && writes ? chooser(one, send) : nothing}
    ${!one.in_use && (here || one.state === "partial") ? html`<button type="button" class="quiet" aria-label=${t("models.removeNamed", { name })} title=${t("models.remove")} @click=${remove}>${bin()}</button>` : nothing}`;
}

/** @param {string} text @param {string} label @param {() => void} act */
const button = (text, label, act) => html`<button type="button" class="small" aria-label=${label} @click=${act}>${text}</button>`;

/** @param {Model} one @param {(file: File) => void} send */
function chooser(one, send) {
  const chosen = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (file) send(file);
  };
  const label = t(one.upload ? "models.sendOnNamed" : "models.sendNamed", { name: one.name });
  return html`<label class="button small">${t(one.upload ? "models.sendOn" : "models.send")}<input class="unseen" type="file" accept=".gguf" aria-label=${label} @change=${chosen}></label>`;
}

/** @param {Model} one */
function outlook({ outlook: serves, measured }) {
  if (!serves) return nothing;
  if (!measured) return html`<span class="sub">${serves}</span>`;
  return html`<span class="sub served">${serves}</span>
    <span class="sub">${t("models.measured", { date: date(measured.measured_at), memory: gigabytes(measured.memory_mb) })} ${measured.doubt ?? ""}</span>`;
}

/** @param {Model} one */
function standing(one) {
  return html`<span class="light ${LIGHTS[one.state]}">${t(`models.state.${one.state}`)}</span>
    ${one.in_use ? html`<span class="sub">${t("models.inUse")}</span>` : nothing}
    ${one.imported_at ? html`<span class="sub">${t("models.since", { date: date(one.imported_at) })}</span>` : nothing}
    ${one.sha256 && one.state === "ready" ? html`<span class="sub" title=${one.sha256}>SHA-256 ${one.sha256.slice(0, 12)}…</span>` : nothing}
    ${one.fetched && one.state === "partial" ? html`<span class="sub">${t("models.fetched", { size: size(one.fetched) })}</span>` : nothing}
    ${one.upload ? html`<span class="sub">${t("models.sent", { done: size(one.upload.done), total: size(one.upload.size), file: one.upload.file })}</span>` : nothing}`;
}

/** A file that leaves this computer. @param {Model} one @param {import("./sending.js").Sending} sent */
function leaving(one, sent) {
  return html`<span class="light reading">${t("models.sending", { done: size(sent.done), total: size(sent.size) })}</span>
    <progress max=${sent.size} value=${sent.done} aria-label=${t("models.sendingProgress", { name: one.name })}></progress>`;
}

/** @param {Model} one */
function coming(one) {
  const { done, total, unit, state } = one.job ?? { done: 0, total: 0, unit: "", state: "queued" };
  const check = one.job?.kind === "check";
  const counts = check ? t("models.trials", { done, total }) : t("models.bytes", { done: size(done), total: size(total) });
  const text = total && unit ? counts : t(state === "queued" ? "models.waiting" : check ? "models.checking" : "models.verifying");
  return html`<span class="light reading">${text}</span>
    ${total ? html`<progress max=${total} value=${done} aria-label=${t("models.progress", { name: one.name })}></progress>` : nothing}
    ${one.job?.problem ? html`<span class="sub">${one.job.problem.detail}</span>` : nothing}`;
}

/** @param {number} mb */
const gigabytes = (mb) => number(mb / 1024, { maximumFractionDigits: 1 });
