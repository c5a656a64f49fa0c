// @ts-check
// The ground that every picture stands on: a pale plate, and one leaf or one fruit on it.

/** Pictures look alike in light and dark, as those of a printed guide do. */
const PAPER = "#f3f6ea";

/** The leaf lies along x, from its stalk at -4 to its tip at 102, with the midrib at y 48. */
const LEAF = "M-4 48C14 22 60 14 102 48C60 82 14 74-4 48z";
const MIDRIB = "M-13 48H100";
const VEINS = "M8 48l8-11M8 48l8 11M22 48l10-17M22 48l10 17M37 48l11-19M37 48l11 19M52 48l11-18M52 48l11 18M66 48l9-13M66 48l9 13M79 48l7-8M79 48l7 8";

const FRUIT = "M56 15C73 14 87 27 88 47 89 67 76 86 53 89 35 91 15 82 11 67 9 59 14 55 17 47 22 31 37 17 56 15z";

/** @param {string} content */
const svg = (content) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" rx="14" fill="${PAPER}"/>${content}</svg>\n`;

/** A part of the plate that is turned as the leaf is. @param {string} content */
const turned = (content) => `<g transform="rotate(-40 48 48) translate(5 5) scale(.9)" stroke-linecap="round" stroke-linejoin="round">${content}</g>`;

/**
 * @param {{ fill?: string, rib?: string, more?: string }} [look] `more` is written into the blade, such as a clip
 */
function blade({ fill = "#4f9a3c", rib = "#b9d795", more = "" } = {}) {
  return `<g${more}><path d="${LEAF}" fill="${fill}"/><path d="${VEINS}" fill="none" stroke="${rib}" stroke-opacity=".55"/><path d="${MIDRIB}" fill="none" stroke="${rib}" stroke-width="2.4"/></g>`;
}

/** The underside is paler than the upper side. */
const UNDERSIDE = { fill: "#86b56c", rib: "#d5e6b8" };

/**
 * A leaf with marks on it.
 * @param {string} marks end at the leaf's edge
 * @param {Parameters<typeof blade>[0]} [look]
 * @param {string} [beyond] marks that reach beyond it
 */
const leaf = (marks, look, beyond = "") =>
  svg(turned(`${blade(look)}<clipPath id="l"><path d="${LEAF}"/></clipPath><g clip-path="url(#l)">${marks}</g>${beyond}`));

/** A fruit with marks on it. @param {string} marks @param {string} [fill] */
const fruit = (marks, fill = "#e9a53a") =>
  svg(`<path d="M54 16C53 11 55 7 60 5" fill="none" stroke="#6b4a2a" stroke-width="4" stroke-linecap="round"/><path d="${FRUIT}" fill="${fill}"/>`
    + `<g stroke-linecap="round" stroke-linejoin="round">${marks}</g>`);

module.exports = { FRUIT, LEAF, MIDRIB, PAPER, UNDERSIDE, blade, fruit, leaf, svg, turned };
