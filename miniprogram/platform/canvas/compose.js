// @ts-check
const { promised } = require("../promise.js");
const { loadImage } = require("./image.js");
const { wrapped } = require("./wrap.js");

/** Margin and gap, in pixels. */
const EDGE = 44;
/** Largest ratio of a figure's height to its width. */
const TALLEST = 1.2;
const LEADING = 1.4;
/** JPEG quality, 0 to 1. */
const QUALITY = 0.88;
/** Pixels; a larger canvas stays empty on some phones. */
const LARGEST = 4096;

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ kind: "figure", part: SheetFigure, box: Box } | { kind: "lines", part: SheetText, lines: string[], y: number }} Placed
 */

/**
 * Composes figures and text into one JPEG. A canvas draws pixels only, so no camera metadata is included.
 * @param {WechatMiniprogram.Wx} wx
 * @param {PictureSheet} sheet
 * @returns {Promise<string>} path of a file outside of `Files`
 */
async function compose(wx, sheet) {
  const { placed, height } = await layOut(wx, sheet);
  const canvas = /** @type {any} */ (wx.createOffscreenCanvas({ type: "2d", width: sheet.width, height }));
  const pen = canvas.getContext("2d");
  pen.fillStyle = sheet.ground;
  pen.fillRect(0, 0, sheet.width, height);
  for (const one of placed) {
    if (one.kind === "figure") await drawFigure(canvas, pen, one.part, one.box);
    else drawLines(pen, one.part, one.lines, one.y);
  }
  const { tempFilePath } = await promised((callbacks) =>
    wx.canvasToTempFilePath(
      Object.assign({ canvas, destWidth: sheet.width, destHeight: height, fileType: /** @type {"jpg"} */ ("jpg"), quality: QUALITY }, callbacks),
    ),
  );
  return tempFilePath;
}

/**
 * Positions of the parts, and their total height.
 * @param {WechatMiniprogram.Wx} wx
 * @param {PictureSheet} sheet
 * @returns {Promise<{ placed: Placed[], height: number }>}
 */
async function layOut(wx, { width, parts }) {
  const pen = /** @type {any} */ (wx.createOffscreenCanvas({ type: "2d", width: 1, height: 1 })).getContext("2d");
  const inner = width - 2 * EDGE;
  /** @type {Placed[]} */
  const placed = [];
  let y = EDGE;
  for (const part of parts) {
    if (part.kind === "figure") {
      const size = await promised((callbacks) => wx.getImageInfo(Object.assign({ src: part.photo }, callbacks)));
      const scale = Math.min(inner / size.width, (inner * TALLEST) / size.height);
      const box = { x: 0, y, width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
      box.x = Math.round((width - box.width) / 2);
      placed.push({ kind: "figure", part, box });
      y += box.height + EDGE / 2;
    } else {
      pen.font = fontOf(part);
      const lines = wrapped(part.text, inner, (text) => pen.measureText(text).width);
      y += part.gap;
      placed.push({ kind: "lines", part, lines, y });
      y += lines.length * part.size * LEADING;
    }
  }
  return { placed, height: Math.min(LARGEST, Math.ceil(y + EDGE)) };
}

/** @param {any} canvas @param {any} pen @param {SheetFigure} figure @param {Box} box */
async function drawFigure(canvas, pen, { photo, overlay }, { x, y, width, height }) {
  pen.drawImage(await loadImage(canvas, photo), x, y, width, height);
  if (!overlay) return;
  const { left, top, width: share, height: rise } = overlay.view;
  pen.drawImage(await loadImage(canvas, overlay.src), x + left * width, y + top * height, share * width, rise * height);
}

/** @param {any} pen @param {SheetText} part @param {string[]} lines @param {number} y */
function drawLines(pen, part, lines, y) {
  pen.font = fontOf(part);
  pen.fillStyle = part.colour;
  pen.textBaseline = "top";
  lines.forEach((line, index) => pen.fillText(line, EDGE, y + index * part.size * LEADING));
}

/** @param {SheetText} part */
const fontOf = ({ size, bold }) => `${bold ? "bold " : ""}${size}px sans-serif`;

module.exports = { compose };
