// @ts-check

/** @param {any} value */
const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;

/** @param {any} value */
const isText = (value) => typeof value === "string" && value !== "";

/**
 * Parses a prediction from untrusted JSON; null if a part is missing or invalid.
 * @param {any} value
 * @returns {Prediction | null}
 */
function parsePrediction(value) {
  if (!value || typeof value !== "object") return null;
  const { model, verdict } = value;
  if (!model || !isText(model.name) || !isText(model.version)) return null;
  if (verdict !== "confident" && verdict !== "unsure" && verdict !== "not_mango_leaf") return null;
  if (!Array.isArray(value.classes) || value.classes.length === 0) return null;
  const classes = value.classes.map(parseClass);
  if (classes.indexOf(null) >= 0) return null;
  /** @type {Prediction} */
  const prediction = { model: { name: model.name, version: model.version }, verdict, classes };
  if (typeof value.out_of_domain === "number") prediction.out_of_domain = value.out_of_domain;
  const { guild } = value;
  if (guild && isText(guild.id) && isShare(guild.probability)) {
    prediction.guild = { id: guild.id, probability: guild.probability };
  }
  const { part, symptom } = value;
  if (part === "leaf" || part === "fruit") prediction.part = part;
  if (symptom && isShare(symptom.probability) && typeof symptom.certain === "boolean") {
    prediction.symptom = { probability: symptom.probability, certain: symptom.certain };
  }
  // An answer is valid without its map.
  const heatmap = parseHeatMap(value.heatmap);
  if (heatmap) prediction.heatmap = heatmap;
  return prediction;
}

/**
 * @param {any} value
 * @returns {RankedClass | null}
 */
function parseClass(value) {
  if (!value || !isText(value.id) || !isShare(value.probability)) return null;
  const { id, probability, basis, photos } = value;
  if (basis !== "trained" && basis !== "few_photos") return null;
  return Number.isInteger(photos) ? { id, probability, basis, photos } : { id, probability, basis };
}

/**
 * @param {any} map
 * @returns {HeatMap | null}
 */
function parseHeatMap(map) {
  if (!map || !Number.isInteger(map.width) || !Number.isInteger(map.height) || !map.view) return null;
  const { width, height, values } = map;
  if (!Array.isArray(values) || values.length !== width * height || !values.every(isShare)) return null;
  const view = { left: map.view.left, top: map.view.top, width: map.view.width, height: map.view.height };
  return Object.values(view).every(isShare) ? { width, height, values, view } : null;
}

/**
 * @param {any} value
 * @returns {Shown | null}
 */
function parseShown(value) {
  if (!value || (value.source !== "phone" && value.source !== "relay")) return null;
  const prediction = parsePrediction(value.prediction);
  return prediction && { source: value.source, prediction, orchard: parseClass(value.orchard) };
}

/**
 * A prediction without its heat map, for a record: only the shown answer keeps the map, which is larger than the rest.
 * @param {Prediction} prediction
 * @returns {Prediction}
 */
function withoutMap({ heatmap, ...prediction }) {
  return prediction;
}

module.exports = { parsePrediction, parseShown, withoutMap };
