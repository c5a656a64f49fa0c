// @ts-check

/** @typedef {[number, number]} Place */

/**
 * Round dots of one size, as one path.
 * @param {Place[]} places
 * @param {number} size
 * @param {string} colour
 * @param {string} [more] further attributes
 */
const dots = (places, size, colour, more = "") =>
  `<path d="${places.map(([x, y]) => `M${x} ${y}h.01`).join("")}" fill="none" stroke="${colour}" stroke-width="${size}"${more}/>`;

/**
 * A filled shape.
 * @param {string} d
 * @param {string} colour
 * @param {string} [more]
 */
const patch = (d, colour, more = "") => `<path d="${d}" fill="${colour}"${more}/>`;

/**
 * Lines of one width.
 * @param {string} d
 * @param {number} width
 * @param {string} colour
 * @param {string} [more]
 */
const lines = (d, width, colour, more = "") => `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"${more}/>`;

/**
 * The same outline at several places, as one path.
 * @param {Place[]} places
 * @param {string} outline from its place on, in relative commands
 */
const each = (places, outline) => places.map(([x, y]) => `M${x} ${y}${outline}`).join("");

/** Places beside others. @param {Place[]} places @param {number} dx @param {number} dy @returns {Place[]} */
const moved = (places, dx, dy) => places.map(([x, y]) => [round(x + dx), round(y + dy)]);

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

module.exports = { dots, each, lines, moved, patch };
