/** Days as a form gives them, and the moments that a question to the server wants. */

/** Where a day of the reader's own begins, or with `later` one after it. @param {string} day "2026-11-26" @param {number} later days @returns {string} "" for no day */
export function midnight(day, later) {
  if (!day) return "";
  const moment = new Date(`${day}T00:00`);
  moment.setDate(moment.getDate() + later);
  return Number.isNaN(moment.getTime()) ? day : moment.toISOString();
}
