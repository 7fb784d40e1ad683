/**
 * Where the focus goes when what had it goes away: a row that was removed, a step that was done, a
 * button that is busy. Who sees the page looks elsewhere; who has a keyboard or listens to it would
 * begin anew at its top.
 *
 * The nearest thing that still stands is sought: the same button of the row that moved up, else of
 * the one before; else the part that held it, from whose beginning one goes on.
 */

const REACHED = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex='0']";
const HELD = "main, dialog, section, form, table, balcao-gap, [role=region], .leaf";

/** @typedef {{ parent: Element, index: number }} Step */

/** @type {HTMLElement | null} */
let last = null;
/** From it upwards: where each stood in its parent. @type {Step[]} */
let path = [];

/** @param {Element} one @returns {Step[]} */
function above(one) {
  const steps = [];
  for (let child = one; child.parentElement; child = child.parentElement) {
    steps.push({ parent: child.parentElement, index: [...child.parentElement.children].indexOf(child) });
  }
  return steps;
}

/** @param {Element | undefined} row @returns {HTMLElement | undefined} what in it is like that which had the focus */
function alike(row) {
  const reached = /** @type {HTMLElement[]} */ ([...(row?.querySelectorAll(REACHED) ?? [])]);
  return reached.filter((one) => one.tagName === last?.tagName && one.className === last.className).at(-1) ?? reached.at(-1);
}

/** @param {Step} gone the last that stands of what had the focus, and where in it that was */
function refuge({ parent, index }) {
  if (parent.matches("tbody, ul, ol")) {
    const near = alike(parent.children[index]) ?? alike(parent.children[index - 1]);
    if (near) return near;
  }
  const beside = alike(parent.closest("tr, li, .row") ?? undefined);
  if (beside) return beside;
  return /** @type {HTMLElement | null} */ (parent.closest(HELD));
}

/** Gives the focus to the nearest thing that stands, if it has been lost. */
function mend() {
  const one = document.activeElement;
  if (!last || (one && one !== document.body)) return;
  if (last.isConnected && last.matches(":disabled")) return; // it is busy, and comes back
  if (last.isConnected && last.checkVisibility()) return last.focus({ preventScroll: true });
  const gone = path.find(({ parent }) => parent.isConnected);
  const next = gone && refuge(gone);
  if (!next) return;
  if (!next.matches(REACHED)) next.tabIndex = -1;
  next.focus({ preventScroll: next.tabIndex < 0 });
}

/** Watches over the focus from now on. */
export function watch() {
  document.addEventListener("focusin", (event) => {
    last = /** @type {HTMLElement} */ (event.target);
    path = above(last);
  });
  // A press beside everything lays the focus down: that is no loss.
  document.addEventListener("pointerdown", () => { last = null; }, true);
  const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] };
  new MutationObserver(() => { if (last) requestAnimationFrame(mend); }).observe(document.body, changes);
}
