/** The flows of an assistant: opening hours, a person to ask instead, exam time, a form. Each is switched on and edited here. */
import { get, request } from "../../shared/api.js";
import { define, Part } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { awaited } from "../parts/awaited.js";
import { answers, field, lines } from "../parts/field.js";
import { formOf, formSection } from "./form.js";

/** @typedef {{ on: boolean, week: string[][], closed: string[], note: string }} Hours */
/** @typedef {{ hours: Hours, person: { on: boolean, said: string }, form: import("./form.js").Form, exam: { on: boolean, begins: string, ends: string, said: string } }} Flows */

class FlowsPart extends Part {
  /** @type {import("../../shared/types").Assistant | null} */
  assistant = null;
  /** @type {Flows | null} */
  #flows = null;
  #said = "";
  #problem = "";

  get #address() {
    return `/api/assistants/${this.assistant?.id}/flows`;
  }

  opened() {
    void this.#trying(() => get(this.#address));
  }

  /** @param {() => Promise<Flows>} ask @param {string} [said] */
  async #trying(ask, said = "") {
    this.#said = this.#problem = "";
    try {
      this.#flows = await ask();
      this.#said = said;
    } catch (error) {
      this.#problem = /** @type {Error} */ (error).message;
    }
    this.changed();
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const given = answers(event);
    const week = [0, 1, 2, 3, 4, 5, 6].map((day) => given[`day${day}`].split(/[,;]/).map((one) => one.replace(/\s/g, "").replace("–", "-")).filter(Boolean));
    const body = {
      hours: { on: "hours" in given, week, closed: lines(given.closed), note: given.note },
      person: { on: "person" in given, said: given.said },
      form: formOf(given),
      exam: { on: "exam" in given, begins: given.begins, ends: given.ends, said: given.examSaid },
    };
    void this.#trying(() => request("PATCH", this.#address, body), t("flows.saved"));
  }

  template() {
    const flows = this.#flows;
    if (!flows) return this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : awaited();
    return html`<form @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event)}>
      <section><h2>${t("flows.hours")}</h2><p class="hint">${t("flows.hoursHint")}</p>
        ${check("hours", t("flows.hoursOn"), flows.hours.on)}
        <div class="grid week">${flows.hours.week.map((spans, day) => field({ name: `day${day}`, label: dayName(day), value: spans.join(", "), placeholder: "08:00-12:00, 13:00-17:00" }))}</div>
        ${field({ name: "closed", label: t("flows.closed"), hint: t("flows.closedHint"), type: "textarea", rows: 3, maxlength: 2000, value: flows.hours.closed.join("\n") })}
        ${field({ name: "note", label: t("flows.note"), hint: t("flows.noteHint"), maxlength: 500, value: flows.hours.note })}
      </section>
      <section><h2>${t("flows.person")}</h2><p class="hint">${t("flows.personHint")} <a href="#/handovers">${t("shell.handovers")}</a></p>
        ${check("person", t("flows.personOn"), flows.person.on)}
        ${field({ name: "said", label: t("flows.said"), hint: t("flows.saidHint"), type: "textarea", rows: 2, maxlength: 500, value: flows.person.said })}
      </section>
      <section><h2>${t("flows.exam")}</h2><p class="hint">${t("flows.examHint")}</p>
        ${check("exam", t("flows.examOn"), flows.exam.on)}
        <div class="grid week">${field({ name: "begins", label: t("flows.begins"), type: "datetime-local", value: flows.exam.begins })}${field({ name: "ends", label: t("flows.ends"), type: "datetime-local", value: flows.exam.ends })}</div>
        ${field({ name: "examSaid", label: t("flows.examSaid"), hint: t("flows.saidHint"), type: "textarea", rows: 2, maxlength: 500, value: flows.exam.said })}
      </section>
      ${formSection(flows.form, this.assistant?.id ?? "")}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : nothing}
      <div class="row end"><p class="hint grow" role="status">${this.#said}</p><button class="primary">${t("flows.save")}</button></div>
    </form>`;
  }
}

/** @param {string} name @param {string} text @param {boolean} on */
const check = (name, text, on) => html`<label class="check"><input type="checkbox" name=${name} .checked=${on}><span>${text}</span></label>`;

/** @param {number} day from Monday, 0 @returns {string} */
const dayName = (day) => new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + day)));

define("balcao-flows", FlowsPart);
