/** Values below this are transparent. */
const CLEAR = 0.25;

/**
 * A heat map to overlay on its photo, with one pixel for each value. The browser interpolates when it enlarges the
 * canvas.
 */
function heatMap({ width, height, values, view }) {
  const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { "aria-hidden": "true" }));
  Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(width, height);
  values.forEach((value, place) => picture.data.set(colour(value), place * 4));
  context.putImageData(picture, 0, 0);
  for (const side of ["left", "top", "width", "height"]) canvas.style.setProperty(side, `${view[side] * 100}%`);
  return canvas;
}

/** From transparent over amber to red, which differ from the greens and browns of a leaf. @param {number} value */
function colour(value) {
  const heat = Math.max(0, (value - CLEAR) / (1 - CLEAR));
  return [255, 205 - 175 * heat, 40 - 20 * heat, 190 * Math.sqrt(heat)];
}
