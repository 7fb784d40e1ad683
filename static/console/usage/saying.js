/** Days and times as people say them. */
import { date, number, t } from "../../shared/words.js";

/** @param {string} day "2026-11-26" @returns {string} as the reader writes it, at whatever longitude */
export const short = (day) => date(`${day}T12:00:00`);

/** @param {number} ms @returns {string} "14 ms" or "1,2 s" */
export function lasting(ms) {
  const unit = ms < 1000 ? "millisecond" : "second";
  return number(ms < 1000 ? Math.round(ms) : ms / 1000, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 });
}

/** @param {{ median: number, p95: number } | null} times @returns {string} */
export const times = (times) => (times ? lasting(times.median) : t("usage.unmeasured"));

/** @param {Date} moment @returns {string} its day here, "2026-11-26" */
export const dayOf = (moment) => [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

/** @param {number} days @param {Date} [today] @returns {{ from: string, to: string }} that many, up to today */
export function lately(days, today = new Date()) {
  const first = new Date(today);
  first.setDate(today.getDate() - days + 1);
  return { from: dayOf(first), to: dayOf(today) };
}

/** A round number that nothing is above. @param {number} value @returns {number} */
export function top(value) {
  if (value <= 4) return 4;
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 6, 8, 10].map((times) => times * step).find((one) => one >= value) ?? value;
}
