/**
 * A tap is heard when the finger lifts, and the browser clicks after that: on whatever the tap has put in the same place.
 * Such a click was meant for nobody.
 */
export function ignoreGhostClicks() {
  /** @type {EventTarget | null} */
  let pressed = null;
  addEventListener("pointerdown", (event) => void (pressed = event.composedPath()[0]), true);
  addEventListener("click", (event) => {
    // The keyboard and a script click without pressing.
    if (event.detail === 0 || !(pressed instanceof Node)) return;
    const target = /** @type {Node} */ (event.composedPath()[0]);
    if (target.contains(pressed) || pressed.contains(target)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  }, true);
}
