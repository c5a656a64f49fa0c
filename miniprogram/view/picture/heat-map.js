// @ts-check
const { encodeBase64 } = require("../../scanner/basics/base64.js");
const { palettePng } = require("./png.js");

/** Fine enough to look smooth once the page has enlarged it. */
const SIDE = 72;
/** Below this a spot says nothing and stays clear, so that the leaf can be seen. */
const CLEAR = 0.25;

/** From clear by amber to red: both are far from the greens and browns of a leaf. */
const PALETTE = Array.from({ length: 256 }, (_, index) => {
  const heat = Math.max(0, (index / 255 - CLEAR) / (1 - CLEAR));
  return [255, Math.round(205 - 175 * heat), Math.round(40 - 20 * heat), Math.round(190 * Math.sqrt(heat))];
});

/**
 * A heat map as a picture over the upright photo, with its position.
 * @param {HeatMap} map
 * @returns {{ src: string, style: string }}
 */
function heatMapOverlay({ width, height, values, view }) {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const value = between(values, width, height, ((column + 0.5) / SIDE) * width - 0.5, ((row + 0.5) / SIDE) * height - 0.5);
      pixels[row * SIDE + column] = Math.round(255 * Math.min(1, Math.max(0, value)));
    }
  }
  return {
    src: `data:image/png;base64,${encodeBase64(palettePng(SIDE, SIDE, pixels, PALETTE))}`,
    style: ["left", "top", "width", "height"]
      .map((side) => `${side}:${(view[/** @type {keyof HeatMap["view"]} */ (side)] * 100).toFixed(2)}%`).join(";"),
  };
}

/**
 * Bilinear interpolation, clamped at the edges.
 * @param {number[]} values @param {number} width @param {number} height @param {number} x @param {number} y
 */
function between(values, width, height, x, y) {
  const left = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(y)));
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const across = Math.min(1, Math.max(0, x - left));
  const down = Math.min(1, Math.max(0, y - top));
  const upper = values[top * width + left] * (1 - across) + values[top * width + right] * across;
  const lower = values[bottom * width + left] * (1 - across) + values[bottom * width + right] * across;
  return upper * (1 - down) + lower * down;
}

module.exports = { heatMapOverlay };
