// @ts-check
const { dots, each, lines, patch } = require("./pen.js");
const { PAPER, fruit, leaf } = require("./plate.js");

/** @typedef {import("./pen.js").Place} Place */

/** @type {Place[]} */
const SPOTS = [[20, 36], [41, 57], [54, 34], [33, 66], [70, 44]];

/** @type {Place[]} */
const RUST = [[17, 40], [30, 56], [36, 38], [50, 42], [56, 62], [66, 39], [72, 53], [44, 66]];

/** @type {Place[]} */
const SPECKS = [[53, 27], [60, 29], [47, 30], [66, 25], [41, 27], [57, 37], [49, 39], [68, 36], [36, 37], [74, 44], [60, 49], [44, 51], [30, 49], [54, 61], [70, 60]];

const ANGULAR = each([[18, 38], [44, 36], [58, 58], [27, 56]], "l7-4 4 4-5 5-6-1z") + each([[36, 60], [68, 43], [56, 40], [33, 32], [78, 54]], "l3-5 7 1 1 5-6 3z");

/** @type {Record<string, string>} */
const DISEASES = {
  healthy: leaf(lines("M14 38C30 30 50 28 68 34", 3, "#8cc274", ' opacity=".7"')),

  // Flat brown spots without regard to veins, most along the edge and at the tip; a dry centre has fallen out.
  anthracnose: leaf(
    patch("M102 48C92 40 84 34 78 32 82 38 79 43 84 46 80 50 85 54 81 60 88 57 95 53 102 48z", "#5b3517")
    + patch("M24 27C30 25 38 24 43 24 44 29 38 31 35 30 31 33 26 31 24 27zM52 73C58 72 64 70 69 67 65 63 60 66 57 65 53 67 51 70 52 73z", "#4a2a14")
    + dots(SPOTS, 8, "#4a2a14") + dots(SPOTS, 3.4, "#a57640") + dots([[41, 57]], 3.6, PAPER) + dots([[28, 44], [60, 54], [47, 46], [12, 52]], 3.4, "#4a2a14")),

  // Black, raised, angular spots that end at the veins, with a yellow halo.
  bacterial_canker: leaf(
    lines(ANGULAR, 6, "#e6d34f") + patch(ANGULAR, "#1d1712", ' stroke="#1d1712" stroke-width="1.4"')
    + lines(each([[22, 36], [41, 59], [48, 34], [62, 56], [72, 41]], "l3-1.5"), 1.2, "#8d7d6c")),

  // The leaf is brown and its edges are rolled up; the bark oozes.
  die_back: leaf(
    patch("M-4 48C14 22 60 14 102 48 70 36 26 34-4 48zM-4 48C14 74 60 82 102 48 72 62 28 64-4 48z", "#6a4522")
    + lines("M8 40C34 28 66 32 94 46M8 56C34 70 66 66 94 50", 1.6, "#4b2f16"),
    { fill: "#9c6b38", rib: "#5b3b1d" },
    lines("M-10 38L0 62", 6, "#3f2d20") + dots([[-4, 61]], 6, "#d98f2b") + dots([[-7, 66]], 4, "#e7ab4f")),

  // White powder on a young, somewhat twisted leaf.
  powdery_mildew: leaf(
    dots([[22, 38], [30, 34], [38, 39], [54, 58], [62, 60], [68, 36], [30, 62]], 16, "#fff", ' opacity=".5"')
    + dots([[26, 37], [34, 37], [58, 59], [68, 56], [70, 38], [62, 34], [48, 60], [26, 60]], 9, "#fff", ' opacity=".7"')
    + dots([[16, 50], [46, 42], [50, 30], [82, 50], [88, 46], [42, 70], [62, 46], [36, 52], [76, 46], [12, 44], [56, 70]], 4, "#fff", ' opacity=".85"')
    + dots([[24, 38], [30, 42], [58, 58], [64, 60], [66, 37], [28, 62]], 2.4, "#fff"),
    { fill: "#9aa84a", rib: "#d9dca0" }),

  // Round, felt-like, rust-orange spots; an old one has turned grey.
  red_rust: leaf(
    dots(RUST, 10, "#d9783a", ' opacity=".45"') + dots(RUST, 7, "#c4571f") + dots(RUST, 3, "#e89555")
    + dots([[22, 58], [58, 32], [84, 48]], 6, "#b9bda6"),
    { fill: "#3f8436" }),

  // A black film that a finger has wiped off along a stripe.
  sooty_mould: leaf(
    patch("M4 40C22 20 62 18 90 40 84 62 40 78 14 66 6 60 2 48 4 40z", "#15171a", ' opacity=".8"')
    + dots([[94, 46], [2, 52], [70, 68], [60, 24], [24, 28], [88, 54]], 4, "#15171a", ' opacity=".75"')
    + lines("M34 64C44 56 54 46 66 34", 11, "#4f9a3c") + lines("M38 57L58 37", 2, "#8cc274")),

  fruit_healthy: fruit(
    patch("M56 15C73 14 87 27 88 47 88 55 87 58 85 63 84 42 74 26 56 15z", "#d9552f", ' opacity=".7"')
    + dots([[30, 40], [44, 34], [38, 54], [54, 50], [28, 64], [48, 68], [64, 62], [70, 46], [58, 34], [44, 80], [62, 76], [22, 52]], 1.8, "#f8dc9c")),

  // Sunken black patches that run together, streaks like tears from the stem, pink slime.
  fruit_anthracnose: fruit(
    lines("M52 18C49 30 50 40 46 50M60 18C62 28 66 34 67 44", 3.4, "#2d2016")
    + patch("M20 50C28 44 38 46 40 54 47 58 44 68 36 68 30 74 18 68 19 60 15 57 16 53 20 50zM56 60C64 54 74 58 74 66 72 76 60 78 56 72 52 68 52 63 56 60z", "#241a14", ' stroke="#5d4023" stroke-width="2"')
    + dots([[30, 36], [52, 78], [76, 50], [46, 84], [38, 28]], 5, "#2d2016")
    + dots([[27, 55], [33, 61], [29, 64], [64, 65], [67, 70]], 2.6, "#e98f8a")),

  // Many small, round, black spots, densest round the stem.
  fruit_alternaria: fruit(dots(SPECKS, 4.6, "#221c18") + dots([[54, 22], [60, 22], [48, 23], [64, 31], [52, 32], [43, 33], [70, 30]], 3.4, "#221c18")),

  // A soft brown rot from a wound, with loose black powder on it.
  fruit_black_mould_rot: fruit(
    patch("M34 46C46 38 64 42 68 54 72 68 60 78 46 76 32 76 22 64 26 54 28 50 30 48 34 46z", "#a8793a")
    + patch("M38 51C48 46 58 48 61 56 62 66 54 71 46 70 36 70 32 62 34 56z", "#3a2a1c")
    + dots([[42, 56], [50, 54], [56, 60], [46, 62], [52, 66], [40, 64], [58, 66], [36, 58], [48, 50], [64, 58], [30, 62], [44, 72], [66, 66], [72, 72], [76, 62], [24, 70]], 2.6, "#0d0c0c")
    + lines("M42 60l12-4", 2, "#e7cfa0")),

  // Brown to black from the stem down, with a wavy edge, and juice at the stem.
  fruit_stem_end_rot: fruit(
    patch("M56 15C70 14 81 24 86 38 81 45 76 39 71 45 65 51 60 43 54 49 48 55 42 45 36 47 30 49 27 42 21 38 28 25 40 16 56 15z", "#3a2416", ' stroke="#8a5a2b" stroke-width="3"')
    + lines("M47 22C44 32 47 40 45 58", 2.4, "#f6d48a") + dots([[45, 60]], 4.4, "#f6d48a")),
};

module.exports = { DISEASES };
