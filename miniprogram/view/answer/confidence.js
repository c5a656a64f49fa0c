// @ts-check
const { percent, barLength } = require("../text/percent.js");

/** From here on a confident answer is called very sure. Calibrated, so that about one in ten such may still be wrong. */
const VERY_SURE = 0.9;

/**
 * The confidence of an answer, as text and percentage.
 * @param {Prediction} prediction
 * @param {Subject} subject of the answer
 * @param {{ t: ViewContext["t"] }} context
 * @returns {Card["confidence"]} null without a probability
 */
function confidence({ verdict }, { about, probability }, { t }) {
  if (probability === null) return null;
  const word = wording(verdict, about, probability, t);
  const number = percent(probability);
  return {
    word,
    percent: number,
    value: barLength(probability),
    tone: verdict === "confident" || about === "symptom" || about === "no_symptom" ? "sure" : "unsure",
    label: t("card.confidence", { percent: number, word }),
  };
}

/** @param {Prediction["verdict"]} verdict @param {Subject["about"]} about @param {number} probability @param {ViewContext["t"]} t */
function wording(verdict, about, probability, t) {
  if (about === "guild") return t("card.guildSure");
  const word = t(probability >= VERY_SURE ? "card.sure" : "card.fairly");
  if (about === "symptom") return t("card.symptomSure", { word });
  return verdict === "confident" || about === "no_symptom" ? word : t("card.unsure");
}

module.exports = { confidence };
