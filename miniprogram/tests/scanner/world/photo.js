"use strict";

/**
 * The content of a photo states the answers of phone and relay.
 * @param {{ n: number, sees: string }} what `sees`: a verdict, or the code of a fault of the photo's
 * @returns {Uint8Array}
 */
const photo = ({ n, sees }) => Uint8Array.from(Buffer.from(JSON.stringify({ n, sees }).padEnd(1000)));

const HEAD = [0xff, 0xd8, 0xff, 0xfe, 0, 7, 71, 80, 83, 33, 33, 0xff, 0xda, 0, 2];

/** The same photo as a JPEG with a comment, such as a camera writes. @param {Uint8Array} content */
const jpeg = (content) => Uint8Array.from([...HEAD, ...content, 0xff, 0xd9]);

/** What such a JPEG shows, which has no comment any more. @param {Uint8Array} bytes */
function lookAtJpeg(bytes) {
  const content = Buffer.from(bytes);
  if (content.includes("GPS")) throw new Error("the comment went along");
  return JSON.parse(content.subarray(6, -2).toString("utf8"));
}

/** @param {ArrayBuffer | Uint8Array} bytes @returns {{ n: number, sees: string }} */
function look(bytes) {
  const content = Buffer.from(/** @type {any} */ (bytes));
  // One that was cut short while it was copied.
  return content.length < 1000 ? { n: -1, sees: "photo_cut_off" } : JSON.parse(content.toString("utf8"));
}

/**
 * The common answer for several photos.
 * @param {{ n: number, sees: string }[]} photos
 * @param {string} model
 * @returns {Prediction}
 */
function predictionOf(photos, model) {
  const numbers = photos.map(({ n }) => n).sort((a, b) => a - b);
  const verdict = /** @type {Prediction["verdict"]} */ (photos[0].sees);
  const heatmap = { width: 1, height: 1, values: [model === "relay" ? 1 : 0], view: { left: 0, top: 0, width: 1, height: 1 } };
  return {
    ...(photos.length === 1 ? { heatmap } : {}),
    model: { name: model, version: "1.0.0" },
    verdict: model === "relay" && verdict === "unsure" ? "confident" : verdict,
    classes: [{ id: `photos_${numbers.join("_")}`, probability: 0.9, basis: "trained" }],
  };
}

/** @param {string} sees */
const isFault = (sees) => sees.startsWith("photo_") || sees === "not_a_photo";

module.exports = { photo, jpeg, lookAtJpeg, look, predictionOf, isFault };
