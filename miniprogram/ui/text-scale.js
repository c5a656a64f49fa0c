// @ts-check

/** Largest font scale that the pages are laid out for. */
const LARGEST = 1.6;

/** Font scale from WeChat's setting: 1 to `LARGEST`. */
function textScale() {
  const { fontSizeScaleFactor } = /** @type {{ fontSizeScaleFactor?: number }} */ (wx.getAppBaseInfo());
  return Math.min(LARGEST, Math.max(1, Number(fontSizeScaleFactor) || 1));
}

module.exports = { textScale };
