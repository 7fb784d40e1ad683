/** Who is offered the first round, where it stops for them, and how it is offered. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { ways } from "../ways.js";

const SEEN = "balcao.tour"; // whether it was taken or declined in this browser
const STOPS = ["assistants", "sources", "gaps", "people", "backups", "doctor"];
const FEWEST = 3; // whoever sees fewer pages needs nobody to show them

/** @returns {import("../ways.js").Way[]} the pages it leads this person to, in the order of the ways */
export const stops = () => ways().filter(({ file }) => STOPS.includes(file));

/** @returns {boolean} whether there is a round for this person */
export const worthwhile = () => stops().length >= FEWEST;

/** It is not offered again in this browser. */
export const offerNoMore = () => localStorage.setItem(SEEN, "yes");

/** Begins the round. */
export async function take() {
  const { begin } = await import("./tour.js");
  begin();
}

/** What stands on the page where somebody begins. @param {() => void} changed draws that page again */
export function offer(changed) {
  if (localStorage.getItem(SEEN) || !worthwhile()) return nothing;
  return html`<div class="note row offer">
    <p>${t("tour.offer", { count: stops().length })}</p>
    <div class="row"><button type="button" class="small" @click=${() => void take().then(changed)}>${t("tour.take")}</button>
      <button type="button" class="quiet" @click=${() => { offerNoMore(); changed(); }}>${t("tour.decline")}</button></div>
  </div>`;
}
