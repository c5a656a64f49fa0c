// @ts-check

/** The pages are laid out for letters up to this many times as large. */
const LARGEST = 1.6;

/** How much larger than usual the grower wants letters, as WeChat's setting says: 1 to `LARGEST`. */
function textScale() {
  const { fontSizeScaleFactor } = /** @type {{ fontSizeScaleFactor?: number }} */ (wx.getAppBaseInfo());
  return Math.min(LARGEST, Math.max(1, Number(fontSizeScaleFactor) || 1));
}

module.exports = { textScale };
