/** What a reader has to know beside an answer, in sentences: the day it is about, pages near its evidence that could not be read, newer documents. */
import { date, listed, t } from "./words.js";

/** @param {string} day "2024-05-01" @returns {string} as the reader writes it */
export const day = (day) => date(`${day}T12:00:00`);

/** @param {import("./types").Answer} answer @returns {string[]} */
export function caveats(answer) {
  const { as_of, unread = [], newer = [] } = answer;
  const places = unread.map(({ document: from, pages }) => t("answer.page", { title: from.title, page: listed(pages.map(String)) }));
  return [
    ...(as_of ? [t("answer.asOf", { date: day(as_of) })] : []),
    ...(places.length ? [answer.state === "refused" ? t("answer.unreadRefused", { places: listed(places) }) : t("answer.unread", { places: listed(places) })] : []),
    ...newer.map((one) => (one.valid_from
      ? t("answer.newerSince", { title: one.document.title, newer: one.newer.title, date: day(one.valid_from) })
      : t("answer.newer", { title: one.document.title, newer: one.newer.title }))),
  ];
}
