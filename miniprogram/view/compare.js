// @ts-check
const { naming } = require("./naming.js");
const { isThere, mistakenFor, symptomOf } = require("./symptom.js");

/**
 * How to check a sure answer.
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
 * The two likeliest classes of an unsure answer, side by side. None where the catalog lacks one of them: a third class in
 * its place would mislead.
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
 * What the grower chose.
 * @param {Scan} scan
 * @param {ViewContext} context
 * @returns {Choice | null}
 */
function choiceOf({ choice }, context) {
  if (!choice) return null;
  const { t } = context;
  const { title, known } = naming(choice, context);
  return { id: choice, text: t("marks.choice", { name: title }), note: t("marks.choiceNote"), open: known ? t("result.detail") : "", undo: t("marks.choiceUndo") };
}

module.exports = { check, choiceOf, comparison };
