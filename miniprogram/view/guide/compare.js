// @ts-check
const { UNKNOWN } = require("../../scanner/answer/unknown.js");
const { naming } = require("../text/naming.js");
const { isThere, mistakenFor, symptomOf } = require("./symptom.js");

/**
 * The marks to check a sure answer by.
 * @param {Prediction} prediction
 * @param {ViewContext} context
 * @returns {Card["check"]}
 */
function check({ verdict, classes: [first] }, context) {
  const symptom = verdict === "confident" && first ? symptomOf(first.id, context) : null;
  if (!symptom) return null;
  const { t } = context;
  return { title: t("marks.check"), symptom, mistakenTitle: t("marks.mistaken"), mistaken: mistakenFor(symptom.id, context) };
}

/**
 * The two likeliest classes of an unsure answer, side by side. Null if the catalog lacks one of them: a third class in its
 * place would mislead.
 * @param {Prediction} prediction
 * @param {ViewContext} context
 * @returns {Comparison | null}
 */
function comparison({ verdict, classes }, context) {
  if (verdict !== "unsure") return null;
  const sides = classes.slice(0, 2).map(({ id }) => symptomOf(id, context)).filter(isThere);
  return sides.length === 2 ? { title: context.t("marks.compare"), hint: context.t("marks.compareHint"), sides } : null;
}

/**
 * The grower's choice.
 * @param {Scan} scan
 * @param {ViewContext} context
 * @returns {Choice | null}
 */
function choiceOf({ choice }, context) {
  if (!choice) return null;
  const { t } = context;
  const text = choice === UNKNOWN ? t("marks.choiceUnknown") : t("marks.choice", { name: choiceName(choice, context) });
  return { id: choice, text, note: t("marks.choiceNote"), open: naming(choice, context).known ? t("result.detail") : "", undo: t("marks.choiceUndo") };
}

/** @param {string} choice @param {ViewContext} context */
function choiceName(choice, context) {
  return choice === UNKNOWN ? context.t("wrong.unknown") : naming(choice, context).title;
}

module.exports = { check, choiceName, choiceOf, comparison };
