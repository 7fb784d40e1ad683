/** The diagnostics bundle: what it would hold, and then the file. */
import { html, nothing } from "../../shared/lit.js";
import { size, t } from "../../shared/words.js";

/** @typedef {{ name: string, bytes: number, said: string }} File */

/**
 * @param {File[] | null} files what a bundle would hold, null as long as nobody has asked
 * @param {boolean} gathering
 * @param {() => void} list
 */
export const bundle = (files, gathering, list) => html`<section class="note bundle" aria-labelledby="doctor-bundle">
  <h2 id="doctor-bundle">${t("doctor.bundle")}</h2>
  <p>${t("doctor.bundle.lead")}</p>
  <p role="status">${gathering ? t("doctor.bundle.gathering") : nothing}</p>
  ${files ? html`<ul>${files.map(line)}</ul>` : nothing}
  <div class="row">
    ${files ? html`<a class="button primary" href="/api/diagnostics/bundle" download>${t("doctor.bundle.save")}</a>` : nothing}
    <button type="button" ?disabled=${gathering} @click=${list}>${t(files ? "doctor.bundle.anew" : "doctor.bundle.list")}</button>
  </div>
</section>`;

/** @param {File} file */
const line = ({ name, bytes, said }) => html`<li><code>${name}</code><span class="hint">${size(bytes)}</span><span>${said}</span></li>`;
