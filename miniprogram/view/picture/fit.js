// @ts-check

/**
 * The largest size of a picture within a box, so that an overlay matches it exactly.
 * @param {{ width: number, height: number }} picture
 * @param {{ width: number, height: number }} box
 */
function fit(picture, box) {
  if (!(picture.width > 0 && picture.height > 0)) return { ...box };
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  return { width: tenth(picture.width * scale), height: tenth(picture.height * scale) };
}

/** @param {number} length */
function tenth(length) {
  return Math.round(length * 10) / 10;
}

module.exports = { fit };
