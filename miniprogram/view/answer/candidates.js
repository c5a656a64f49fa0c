// @ts-check
const { naming } = require("../text/naming.js");
const { percent, barLength } = require("../text/percent.js");

/** Less than this is no help to a grower. */
const WORTH_NAMING = 0.02;

/**
 * The other classes below the answer. For an unsure answer the likeliest three, including the first, to compare.
 * @param {Prediction | null} prediction
 * @param {ViewContext} context
 * @returns {{ othersTitle: string, others: Candidate[] }}
 */
function candidates(prediction, context) {
  if (!prediction || prediction.verdict === "not_mango_leaf") return { othersTitle: "", others: [] };
  const unsure = prediction.verdict === "unsure";
  const ranked = unsure ? prediction.classes.slice(0, 3) : prediction.classes.slice(1, 3);
  return {
    othersTitle: context.t(unsure ? "card.candidates" : "card.others"),
    others: ranked.filter((one) => one.probability >= WORTH_NAMING).map((one) => candidate(one, context)),
  };
}

/** @param {RankedClass} ranked @param {ViewContext} context @returns {Candidate} */
function candidate({ id, probability }, context) {
  const { title, latin, known } = naming(id, context);
  return { id, title, latin, known, percent: percent(probability), value: barLength(probability) };
}

module.exports = { candidates };
