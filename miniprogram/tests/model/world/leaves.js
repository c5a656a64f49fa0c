"use strict";
const { encode } = require("jpeg-js");

const [WIDTH, HEIGHT] = [80, 60];

/** The classes of the drawn leaves: round spots, stripes, and neither. */
const CLASSES = ["red_rust", "powdery_mildew", "healthy"];

/**
 * Where a leaf grows: `known` has green leaves with dark symptoms; `fresh` has purple leaves of another variety, on which the
 * two diseases look the other way round.
 * @typedef {"known" | "fresh"} Orchard
 */

/**
 * A JPEG of the leaf of that number. Its class is `CLASSES[number % 3]`.
 * @param {Orchard} orchard
 * @param {number} number
 */
function leaf(orchard, number) {
  const mixed = Math.imul(number + 1, 2_654_435_761) >>> 16;
  const [shade, phase] = [mixed % 60, (mixed % 97) / 16];
  const [ground, mark] = orchard === "known"
    ? [[60 + shade / 2, 120 + shade, 40], [70, 40, 20]]
    : [[120 + shade, 50, 130 + shade / 2], [250, 230, 240]];
  const spots = (/** @type {number} */ x, /** @type {number} */ y) => Math.sin(x / 4 + phase) * Math.sin(y / 4 + phase) > 0.6;
  const stripes = (/** @type {number} */ _, /** @type {number} */ y) => Math.sin(y / 2.5 + phase) > 0.3;
  const symptoms = orchard === "known" ? [spots, stripes] : [stripes, spots];
  const symptom = symptoms[number % CLASSES.length] || (() => false);
  const data = Buffer.alloc(4 * WIDTH * HEIGHT, 255);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) data.set(symptom(x, y) ? mark : ground, 4 * (y * WIDTH + x));
  }
  return encode({ data, width: WIDTH, height: HEIGHT }, 90).data;
}

/** @param {number} number */
const classOf = (number) => CLASSES[number % CLASSES.length];

module.exports = { classOf, leaf };
