/** What was typed, found in a name without regard to case and accents. */

/** @param {string} text @returns {string} without case and accents */
export const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

/** @param {string} typed @returns {string[]} its words, plain */
export const words = (typed) => plain(typed).split(/\s+/).filter(Boolean);

/**
 * A name cut where the typed words begin and end in it: pieces and whether each was typed.
 * @param {string} name @param {string} typed
 * @returns {[string, boolean][]} which together are the name
 */
export function pieces(name, typed) {
  const signs = [...name], plainly = signs.map(plain), text = plainly.join("");
  const spots = words(typed).map((word) => [text.indexOf(word), word.length]).filter(([at]) => at >= 0);
  /** @type {[string, boolean][]} */
  const cut = [];
  let at = 0;
  signs.forEach((sign, index) => {
    const end = at + plainly[index].length;
    const last = cut.at(-1);
    // An accent that is a sign of its own goes with the letter before it.
    const hit = end > at ? spots.some(([from, length]) => at < from + length && end > from) : Boolean(last?.[1]);
    if (last && last[1] === hit) last[0] += sign;
    else cut.push([sign, hit]);
    at = end;
  });
  return cut;
}
