/**
 * An assistant's colour, made safe to read.
 *
 * The owner picks any colour; text and buttons in it must still reach WCAG AA
 * on paper. `legible` walks the colour towards black or white until it does.
 * Luminance and contrast: WCAG 2.2, "relative luminance".
 */

/** @typedef {[number, number, number]} Rgb 0 to 255 each */

/** @type {{ light: Rgb, dark: Rgb }} --paper-raised and --desk of tokens.css, the harder of each */
const PAPER = { light: [241, 239, 233], dark: [37, 38, 42] };
const AA = 4.5;

/** @param {string} hex "#rrggbb" @returns {Rgb | null} */
export function parse(hex) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  return match ? [parseInt(match[1], 16), parseInt(match[2], 16), parseInt(match[3], 16)] : null;
}

/** @param {Rgb} colour @returns {number} 0 to 1 */
export function luminance(colour) {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {Rgb} one @param {Rgb} other @returns {number} 1 to 21 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * @param {Rgb} colour
 * @param {"light" | "dark"} scheme
 * @returns {Rgb} the nearest shade of the colour that can be read on that scheme's paper
 */
export function legible(colour, scheme) {
  const goal = scheme === "light" ? 0 : 255;
  for (let step = 0; step <= 20; step += 1) {
    const shade = /** @type {Rgb} */ (colour.map((one) => Math.round(one + ((goal - one) * step) / 20)));
    if (contrast(shade, PAPER[scheme]) >= AA) return shade;
  }
  return [goal, goal, goal];
}

/**
 * Dresses an element in an assistant's colour, for light and dark.
 * @param {HTMLElement} element
 * @param {string} accent "#rrggbb"; anything else leaves the house's own colour
 */
export function dress(element, accent) {
  const colour = parse(accent);
  if (!colour) return;
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    element.style.setProperty(`--accent-${scheme}`, `rgb(${legible(colour, scheme).join(" ")})`);
  }
  element.classList.add("dressed");
}
