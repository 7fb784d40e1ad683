/** The chain of the record in one sentence, and its end to be kept elsewhere. */
import { Problem, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import "../parts/copyable.js";
import { answers, field } from "../parts/field.js";

/** @typedef {{ intact: boolean, rows: number, blanked: number, forgotten: number, head: { id: number, hash: string } | null, broken: number | null, fault: string | null }} Verdict */

class ChainPart extends Part {
  /** @type {Verdict | null} */
  #verdict = null;
  #problem = "";

  opened() {
    void this.#look("");
  }

  /** @param {string} head the end of the chain as somebody kept it; "" for none */
  async #look(head) {
    this.#problem = "";
    this.#verdict = null;
    this.changed();
    try {
      this.#verdict = await request("POST", "/api/audit/verify", { head });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#problem = error.message;
    }
    this.changed();
  }

  template() {
    const verdict = this.#verdict;
    return html`<section class="chain leaf" aria-labelledby="chain-title">
      <h2 id="chain-title" class="unseen">${t("chain.title")}</h2>
      <div role="status">${verdict ? said(verdict) : this.#problem ? nothing : html`<p class="pulse">${t("chain.looking")}</p>`}</div>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      <details><summary>${t("chain.more")}</summary>
        ${verdict?.head ? html`<p class="hint">${t("chain.keep")}</p><balcao-copyable .text=${`${verdict.head.id}:${verdict.head.hash}`} .label=${t("chain.copy")}></balcao-copyable>` : nothing}
        <form @submit=${(/** @type {SubmitEvent} */ event) => void this.#look(answers(event).head)}>
          ${field({ name: "head", label: t("chain.kept"), hint: t("chain.keptHint") })}
          <div class="row end"><button>${t("chain.check")}</button></div>
        </form></details>
    </section>`;
  }
}

/** @param {Verdict} verdict */
function said({ intact, rows, blanked, forgotten, broken, fault }) {
  if (!intact) return html`<p class="light failed">${t(`chain.${fault}`, { id: String(broken) })}</p>`;
  return html`<p class="light ready">${t("chain.intact", { count: rows })}</p>
    ${forgotten ? html`<p class="hint">${t("chain.forgotten", { id: String(forgotten) })}</p>` : nothing}
    ${blanked ? html`<p class="hint">${t("chain.blanked", { count: blanked })}</p>` : nothing}`;
}

define("balcao-chain", ChainPart);
