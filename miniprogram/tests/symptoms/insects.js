// @ts-check
const { dots, each, lines, moved, patch } = require("./pen.js");
const { MIDRIB, UNDERSIDE, leaf } = require("./plate.js");

// Those that sit on the leaf, and what they leave there. They are drawn several times their size.

/** @typedef {import("./pen.js").Place} Place */

/** @type {Place[]} */
const GALLS = [[14, 42], [20, 54], [27, 38], [30, 62], [36, 30], [40, 54], [46, 40], [48, 66], [56, 32], [60, 56], [66, 42], [72, 60], [78, 40], [84, 51]];

/** @type {Place[]} */
const WARTS = [[18, 40], [26, 58], [36, 36], [44, 62], [52, 38], [62, 58], [68, 38], [80, 50]];

/** @type {Place[]} */
const CONES = [[14, 45], [24, 37], [26, 62], [36, 58], [40, 36], [52, 65], [54, 42], [64, 38], [66, 60], [76, 45], [80, 56]];

/** @type {Place[]} */
const RODS = [[28, 36], [33, 33], [38, 37], [34, 41], [43, 34], [56, 58], [61, 55], [66, 59], [60, 63], [70, 55], [53, 64]];

/** @type {Place[]} */
const DOMES = [[24, 46], [36, 47], [47, 46], [60, 47], [72, 46]];

/** @type {Place[]} */
const COTTON = [[22, 48], [30, 46], [38, 50], [46, 46], [55, 50], [63, 46], [70, 49]];

/** @type {Place[]} */
const FLUFF = [[16, 41], [24, 58], [36, 36], [46, 64], [60, 36], [66, 58], [78, 46]];

/** @type {Record<string, string>} */
const INSECTS = {
  // Pimples all over the leaf that cannot be scraped off.
  gall_midge: leaf(dots(GALLS, 7, "#2f2a3c") + dots(moved(GALLS, -1, -1.2), 2.2, "#a99fc0") + dots(GALLS.slice(3, 6), 1.6, "#000")),

  // Flat, thin, yellow-green blisters; where the midge has left there are small round holes of one size.
  erosomyia_sp: leaf(
    dots(WARTS, 9, "#cfd85a") + dots(WARTS, 5.5, "#a9c04a")
    + dots([[32, 48], [54, 52], [74, 48], [40, 67], [58, 31]], 8, "#8a5b2c") + dots([[32, 48], [54, 52], [74, 48], [40, 67], [58, 31]], 5.2, "#f3f6ea")),

  // Low, round, raised warts with a pit in the middle.
  procontarinia_matteiana: leaf(dots(moved(WARTS, 1, 1.4), 10, "#2c5f28") + dots(WARTS, 9.4, "#7fb35a") + dots(moved(WARTS, -1.4, -1.6), 3, "#c5e0a0") + dots(WARTS, 2.6, "#4a2f1a")),

  // Small dark cones that stand up like nails.
  procontarinia_rubus: leaf(lines(each(CONES, "h.01"), 7, "#86a35a") + patch(each(moved(CONES, -2, -1.6), "l5.6-7 1.8 1.5-3.6 8.2z"), "#43193a", ' stroke="#43193a" stroke-width="1.2"') + lines(each(moved(CONES, -0.4, -1.6), "l4-5"), 0.9, "#b98fb0")),

  // Narrow white rods in groups, some round ones with a dark dot; the leaf pales around them.
  aulacaspis_tubercularis: leaf(
    dots([[36, 37], [62, 59]], 27, "#c6cf6a", ' opacity=".5"') + lines(each(RODS, "l4 2"), 3, "#fff") + lines(each(RODS, "l4 2"), 0.6, "#b8b8a8")
    + dots([[50, 44], [46, 60], [74, 48]], 6.5, "#f4f1e2") + dots([[50, 44], [46, 60], [74, 48]], 2, "#7a4a24")),

  // Pink to dark red domes of wax with white bands, in a line along the midrib.
  ceroplastes_rubens: leaf(
    dots(DOMES, 11, "#8d2f33") + dots(moved(DOMES, -0.6, -0.8), 8.4, "#c8595a") + lines(each(moved(DOMES, -4, 2), "l2-2.5") + each(moved(DOMES, 2.4, 3.4), "l2-3"), 1.4, "#fff")
    + dots(moved(DOMES, -1, -1.6), 2.4, "#eeb0ac")),

  // A silvery film on the upper side, first along the midrib, that peels at its edge.
  cisaberoptus_kenyae: leaf(
    patch("M2 47C14 36 30 40 44 34 58 30 74 36 96 47 80 56 66 56 54 62 38 66 22 56 2 47z", "#e7ebe8", ' opacity=".78"')
    + lines("M16 44l8-4M28 43l10-5M44 41l10-5M60 42l8-3M22 52l8 4M40 54l9 5M58 53l8 3", 1, "#aab4ae")
    + patch("M54 62C60 58 66 58 70 55 70 61 62 66 54 62z", "#fff") + lines(MIDRIB, 1.6, "#cdd6c4"), { fill: "#3f8436" }),

  // Fine bluish white powder in patches on the underside, with flat oval young in it.
  dialeuropora_decempuncta: leaf(
    dots([[22, 41], [30, 38], [37, 42], [54, 57], [63, 58], [70, 57], [67, 40]], 13, "#dcebf5", ' opacity=".6"') + dots([[26, 43], [33, 41], [58, 60], [66, 57], [70, 41], [63, 42]], 7, "#f2f8fc", ' opacity=".8"')
    + dots([[24, 41], [32, 40], [56, 57], [64, 58], [68, 41]], 3.6, "#f3eec0") + dots([[28, 44], [38, 41], [60, 60], [70, 57], [64, 40], [40, 52], [30, 56], [52, 44]], 1.4, "#fff"), UNDERSIDE),

  // Cottony white insects crowd along the midrib of the underside, fringed with glassy threads.
  icerya_seychellarum: leaf(
    lines(each(COTTON, "l-4-8m4 8l1-9m-1 9l5-7m-5 7l-4 8m4-8l1 9m-1-9l5 7"), 0.9, "#f4f8f8")
    + dots(COTTON, 9.5, "#fff") + dots(moved(COTTON, 0.5, 1), 6, "#f0e6c6") + dots([[46, 46]], 4, "#d9703a"), UNDERSIDE),

  // Bits of black thread, one end pale, and pale patches around them.
  ischnaspis_longirostris: leaf(
    dots([[26, 42], [46, 58], [60, 38], [74, 54]], 15, "#cbd26a", ' opacity=".55"')
    + lines("M20 39l12 5M41 60l11-4M55 36l10 5M70 58l9-7M36 34l9 3M30 60l8 3M62 62l9-1", 2.2, "#14120f")
    + dots([[20, 39], [41, 60], [55, 36], [70, 58], [36, 34], [30, 60], [62, 62]], 2.4, "#e8d27a")),

  // Coarse white fluff and threads on the underside; the young has a tail of wax.
  neomelicharia_sparsa: leaf(
    lines(each(FLUFF, "q4-5 8 0t7-2m-12 4q3-3 6 0"), 1.6, "#fff") + dots([...FLUFF, ...moved(FLUFF, 6, 3)], 4.6, "#fff", ' opacity=".85"') + dots(moved(FLUFF, 3, -3), 2.4, "#fff")
    + patch("M44 50l9-4 7 4-7 4z", "#f0f4c0", ' stroke="#7d8a4a"') + lines("M44 50l-9-5m9 5h-11m11 0l-9 5", 1.4, "#fff") + dots([[57, 49.5]], 1.8, "#222"), UNDERSIDE),
};

module.exports = { INSECTS };
