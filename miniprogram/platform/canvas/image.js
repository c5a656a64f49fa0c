// @ts-check

/**
 * @param {any} canvas whose picture it becomes a part of
 * @param {string} src
 * @returns {Promise<any>} an image that can be drawn on the canvas
 */
function loadImage(canvas, src) {
  const image = canvas.createImage();
  return new Promise((resolve, reject) => {
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = src;
  });
}

module.exports = { loadImage };
