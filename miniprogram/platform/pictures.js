// @ts-check
const { failure } = require("../scanner/basics/failure.js");
const { compose } = require("./canvas/compose.js");
const { loadImage } = require("./canvas/image.js");
const { promised } = require("./promise.js");

/** Percent; high, because artefacts are visible in small pictures. */
const QUALITY = 85;

/**
 * Small copies by `wx.compressImage`, which turns photos upright. On some phones width and height refer to the stored
 * orientation, on some they are ignored, and iOS accepts JPEG only: the result is measured, and one that is still too large is
 * drawn on a canvas. The result's `type` is not used: WeChat may report "unknown".
 * @param {WechatMiniprogram.Wx} wx
 * @returns {Pictures}
 */
function createPictures(wx) {
  /** @param {string} src */
  const measure = (src) => promised((callbacks) => wx.getImageInfo(Object.assign({ src }, callbacks)));

  /**
   * @param {string} src
   * @param {{ width: number, height: number }} size
   * @param {number} side
   */
  async function compressed(src, { width, height }, side) {
    const goal = width >= height ? { compressedWidth: side } : { compressedHeight: side };
    const { tempFilePath } = await promised((callbacks) =>
      wx.compressImage(Object.assign({ src, quality: QUALITY }, goal, callbacks)),
    );
    return tempFilePath;
  }

  /**
   * @param {string} src
   * @param {{ width: number, height: number }} size
   * @param {number} side
   */
  async function drawn(src, { width, height }, side) {
    const scale = Math.min(1, side / Math.max(width, height));
    const [w, h] = [width, height].map((length) => Math.max(1, Math.round(length * scale)));
    const canvas = wx.createOffscreenCanvas({ type: "2d", width: w, height: h });
    canvas.getContext("2d").drawImage(await loadImage(canvas, src), 0, 0, w, h);
    const { tempFilePath } = await promised((callbacks) =>
      wx.canvasToTempFilePath(
        Object.assign({ canvas, destWidth: w, destHeight: h, fileType: /** @type {"jpg"} */ ("jpg"), quality: QUALITY / 100 }, callbacks),
      ),
    );
    return tempFilePath;
  }

  return {
    async shrink(path, side) {
      try {
        const size = await measure(path);
        if (isSmall(size, side) && size.type === "jpeg") return path;
        // The second attempt starts from the first result, which is upright.
        let [source, measured] = [path, size];
        for (let tries = 0; tries < 2; tries += 1) {
          try {
            source = await compressed(source, measured, side);
            measured = await measure(source);
          } catch (reason) {
            break;
          }
          if (isSmall(measured, side)) return source;
        }
        return await drawn(path, size, side);
      } catch (reason) {
        throw failure("picture_failed", `no small copy can be made of ${path} (${wordsOf(reason)})`);
      }
    },

    async compose(sheet) {
      try {
        return await compose(wx, sheet);
      } catch (reason) {
        throw failure("sheet_failed", `the picture cannot be put together (${wordsOf(reason)})`);
      }
    },
  };
}

/** @param {any} reason */
const wordsOf = (reason) => (reason && (reason.errMsg || reason.message)) || reason;

/**
 * @param {{ width: number, height: number }} size
 * @param {number} side
 */
function isSmall({ width, height }, side) {
  // Rounding may add a pixel.
  return Math.max(width, height) <= side + 1;
}

module.exports = { createPictures };
