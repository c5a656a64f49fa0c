let painted = "";
let isWaiting = false;

/**
 * Follows what has been drawn: the text of the page in front once a frame with it has passed.
 * @param {HTMLElement} host of the pages
 */
export function followPaint(host) {
  new MutationObserver(() => {
    if (isWaiting) return;
    isWaiting = true;
    // The second frame begins after the first was drawn.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      isWaiting = false;
      painted = /** @type {HTMLElement | null} */ (host.querySelector(".webview:not([hidden])"))?.innerText || "";
    }));
  }).observe(host, { subtree: true, childList: true, characterData: true, attributes: true });
}

/** The text that is on the screen, drawn. */
export const paintedText = () => painted;
