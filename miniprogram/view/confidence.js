// @ts-check
const { percent, barLength } = require("./percent.js");

/** From here on a confident answer is called very sure. Calibrated, so that about one in ten such may still be wrong. */
const VERY_SURE = 0.9;

/**
 * How sure the answer is, worded and in numbers.
 * @param {Prediction} prediction
 * @param {{ t: ViewContext["t"] }} context
 * @returns {Card["confidence"]} none where there is nothing to be sure of
 */
function confidence({ verdict, classes, guild }, { t }) {
  if (verdict === "not_mango_leaf" || !classes.length) return null;
  const probability = guild ? guild.probability : classes[0].probability;
  const word = t(wording(verdict, probability, Boolean(guild)));
  const number = percent(probability);
  return {
    word,
    percent: number,
    value: barLength(probability),
    tone: verdict === "confident" ? "sure" : "unsure",
    label: t("card.confidence", { percent: number, word }),
  };
}

/** @param {Prediction["verdict"]} verdict @param {number} probability @param {boolean} guild */
function wording(verdict, probability, guild) {
  if (verdict !== "confident") return guild ? "card.guildSure" : "card.unsure";
  return probability >= VERY_SURE ? "card.sure" : "card.fairly";
}

module.exports = { confidence };
