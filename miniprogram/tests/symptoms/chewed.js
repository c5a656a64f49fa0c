// @ts-check
const { dots, lines, patch } = require("./pen.js");
const { LEAF, MIDRIB, PAPER, blade, leaf, svg, turned } = require("./plate.js");

// Leaves of which a part is eaten, cut, tied or wilted.

/** The outer part of a leaf is gone: what is left of it, by its x. @param {number} from @param {number} to */
const part = (from, to) => `<clipPath id="c"><path d="M${from} 0H${to}V96H${from}z"/></clipPath>${blade({ more: ' clip-path="url(#c)"' })}`;

/** Where the leaf was. */
const gone = (/** @type {number} */ from) => `<clipPath id="g"><path d="M${from} 0H110V96H${from}z"/></clipPath>${lines(LEAF, 1.2, "#9aa593", ' stroke-dasharray="1 5" clip-path="url(#g)"')}`;

/** @type {Record<string, string>} */
const CHEWED = {
  // Cut across to the midrib; the cut part is rolled up and hangs there, brown.
  apoderus_javanicus: svg(turned(
    gone(60) + part(-20, 58) + lines("M58 48l7 4", 2, "#7c5a2e")
    + patch("M64 46C72 42 82 46 84 54L82 72C78 78 68 77 65 71z", "#8a5f2f") + lines("M66 56C72 60 78 60 83 56M66 64C72 68 78 68 82 64", 1.6, "#59391a")
    + `<ellipse cx="74" cy="49" rx="9" ry="4.5" fill="#b98a4e"/>` + lines("M69 49C72 46 79 47 78 50 76 52 72 51 73 49", 1.2, "#59391a"))),

  // The young leaf is cut straight across near its stalk, and lies below.
  cutting_weevil: svg(
    turned(gone(24) + part(-20, 20) + lines("M20 28V68", 1.6, "#6a4a22"))
    + `<g transform="translate(36 42) rotate(16) scale(.54)" stroke-linecap="round"><clipPath id="d"><path d="M24 0H110V96H24z"/></clipPath>${blade({ fill: "#8aa34a", rib: "#d9dca0", more: ' clip-path="url(#d)"' })}${lines("M24 26V70", 2, "#6a4a22")}</g>`),

  // Holes and bites, and a cone of silk and bits of leaf that hangs there.
  dappula_tertia: leaf("", undefined,
    dots([[24, 40], [50, 62], [62, 36], [78, 50]], 9, PAPER) + dots([[29, 43], [54, 60]], 6, PAPER) + dots([[36, 26], [44, 27], [50, 24]], 9, PAPER) + dots([[76, 62], [70, 67]], 8, PAPER)
    + `<g transform="translate(58 62) rotate(40)">${lines("M0-4V6", 1.6, "#6b543a")}${patch("M-3 6C4 3 8 8 7 14L3 32C1 35-1 35-2 32L-7 14C-8 10-6 7-3 6z", "#7c5f3f")}${lines("M-5 12l8 3M-4 19l8 2M-2 26l5 2M3 9l-4 9", 2, "#b49a6c")}</g>`),

  // Large, irregular bites from the edge; the outer end is eaten down to the midrib.
  valanga_nigricornis: leaf("", undefined,
    patch("M104 30V66C92 62 88 58 80 60 72 60 70 54 74 48 66 44 70 36 78 37 84 36 92 34 104 30z", PAPER)
    + dots([[28, 26], [36, 29], [44, 25], [35, 35], [40, 20]], 12, PAPER) + dots([[50, 70], [58, 67], [43, 74], [54, 62], [62, 73], [50, 78]], 11, PAPER)
    + lines(MIDRIB, 2.4, "#8fb565") + lines("M74 48C72 52 74 57 80 60M78 37C70 37 67 43 74 48", 1.2, "#8a6a34")),

  // Dry brown leaves tied into a bunch with silk, with droppings in it.
  orthaga_euadrusalis: svg(
    ["-64 48 56", "-14 48 50", "-38 48 50"].map((turn, at) => `<g transform="rotate(${turn}) translate(15 12) scale(.72)" stroke-linecap="round">${blade({ fill: ["#8b6436", "#7a5a34", "#a0763f"][at], rib: "#5b3b1d" })}</g>`).join("")
    + `<g stroke-linecap="round">${lines("M18 58L66 22M26 74L80 40M22 44L70 66M38 24L56 78M30 66L84 52M44 34L74 70", 1.1, "#f4f4ee")}${lines("M24 50C40 40 60 44 76 30M28 70C44 62 64 62 78 56", 1, "#fff", ' opacity=".9"')}`
    + `${dots([[42, 56], [50, 50], [56, 58], [46, 64], [60, 48], [38, 62]], 3, "#2a2018")}${lines("M52 40C56 37 60 38 63 35", 4, "#77756c")}${lines("M52 40C56 37 60 38 63 35", 1, "#fff")}</g>`),

  // A young leaf wilts and curls while it hangs from a black stalk; the old leaf beside it is green.
  mictis_longicornis: svg(
    turned(blade())
    + `<g transform="translate(27 42) rotate(54) scale(.5 .36)" stroke-linecap="round"><path d="M-4 0C20-34 50-20 76-6 96 4 98 30 84 44 86 26 74 20 60 26 36 34 12 24-4 0z" fill="#a8603f"/>${lines("M0 0C30-8 70-4 84 20", 3, "#6d3822")}</g>`
    + lines("M15 32C20 33 25 36 28 44", 3.6, "#1c1512")
    + `<g transform="translate(62 66) rotate(-14)"><ellipse rx="12" ry="6" fill="#5f4226"/><path d="M11-3l6-3M11 3l6 3M-4 6l-5 8M3 6l4 7M-4-6l-5-7M3-6l4-6" stroke="#3c2815" stroke-width="2" stroke-linecap="round"/><circle cx="12" r="3" fill="#3c2815"/></g>`),
};

module.exports = { CHEWED };
