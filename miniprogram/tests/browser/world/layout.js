"use strict";
const assert = require("node:assert/strict");

/** The smallest letters, in rpx, at the usual size. */
const SMALLEST = 26;

/**
 * Layout faults of the current page: it is wider than the phone, or text is cut off, overlaps other text or
 * is too small to read.
 * @param {import("./world").World} world
 * @param {string} name
 */
async function fits({ page }, name) {
  const wrong = await page.evaluate(laidOut, SMALLEST);
  assert.deepEqual(wrong, [], name);
}

/** Runs in the browser. @param {number} smallest */
function laidOut(smallest) {
  /** @type {string[]} */
  const wrong = [];
  const view = /** @type {HTMLElement} */ (document.querySelector(".webview:not([hidden])"));
  const rpx = view.clientWidth / 750;
  if (view.scrollWidth > view.clientWidth) wrong.push(`${view.scrollWidth - view.clientWidth} pixels wider than the phone`);

  /** @type {{ text: string, element: Element, boxes: DOMRect[] }[]} */
  const texts = [];
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.textContent || "").trim();
    const element = /** @type {Element} */ (node.parentElement);
    if (!text || !element.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    if (parseFloat(getComputedStyle(element).fontSize) < smallest * rpx - 0.05) wrong.push(`too small: ${text}`);
    texts.push({ text, element, boxes });
    for (let around = /** @type {HTMLElement | null} */ (element); around && around !== view; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflow === "visible") continue;
      const edge = around.getBoundingClientRect();
      if (boxes.some((box) => box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + 3 || box.top < edge.top - 3)) {
        wrong.push(`cut: ${text}`);
      }
    }
  }

  for (const field of view.querySelectorAll("wx-input")) {
    const input = /** @type {HTMLInputElement} */ (field.shadowRoot?.querySelector("input"));
    const style = getComputedStyle(input);
    const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const width = pen.measureText(input.value || input.placeholder).width;
    if (!input.value && width > input.clientWidth) wrong.push(`cut: ${input.placeholder} (${Math.ceil(width)} of ${input.clientWidth} pixels)`);
  }

  const isFixed = (/** @type {Element | null} */ element) => {
    for (let around = element; around && around !== view; around = around.parentElement) if (getComputedStyle(around).position === "fixed") return true;
    return false;
  };
  const flowing = texts.filter(({ element }) => !isFixed(element));
  flowing.forEach((one, at) => {
    for (const other of flowing.slice(at + 1)) {
      if (one.element === other.element) continue;
      const over = one.boxes.some((a) => other.boxes.some((b) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
      if (over) wrong.push(`one over the other: ${one.text} / ${other.text}`);
    }
  });
  return wrong;
}

module.exports = { fits };
