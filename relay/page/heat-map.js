/** Below this a place says nothing and stays clear. */
const CLEAR = 0.25;

/**
 * A heat map to lie over its photo, one pixel a value: the browser smooths it as it enlarges it.
 * @param {{ width: number, height: number, values: number[], view: Record<string, number> }} map
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

/** From clear by amber to red, far from the greens and browns of a leaf. @param {number} value */
function colour(value) {
  const heat = Math.max(0, (value - CLEAR) / (1 - CLEAR));
  return [255, 205 - 175 * heat, 40 - 20 * heat, 190 * Math.sqrt(heat)];
}
