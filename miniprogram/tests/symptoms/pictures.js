// @ts-check
const { CHEWED } = require("./chewed.js");
const { DISEASES } = require("./diseases.js");
const { INSECTS } = require("./insects.js");

/** The typical symptom of every class, as SVG, by the class's id. */
const PICTURES = { ...DISEASES, ...INSECTS, ...CHEWED };

module.exports = { PICTURES };
