// @ts-check
const { UNKNOWN } = require("../../scanner/answer/unknown.js");
const { choiceName } = require("../guide/compare.js");
const { guideGroups } = require("../guide/guide.js");
const { naming } = require("../text/naming.js");
const { symptomOf } = require("../guide/symptom.js");

/** @typedef {import("../orchard/lesson.js").Group} Group */

/**
 * The possible corrections: unknown, then the classes that match the text.
 * @param {string} text
 * @param {ViewContext} context
 * @returns {Group[]}
 */
function wrongGroups(text, context) {
  const row = { id: UNKNOWN, title: choiceName(UNKNOWN, context), latin: "", second: "", guild: "search" };
  return [{ id: UNKNOWN, name: context.t("wrong.unsure"), rows: [row] }, ...guideGroups(text, "all", context)];
}

/**
 * @param {string} id
 * @param {ViewContext} context
 * @returns {{ id: string, title: string, latin: string, picture: string, canTeach: boolean }}
 */
function chosenClass(id, context) {
  const symptom = symptomOf(id, context);
  return { id, title: choiceName(id, context), latin: naming(id, context).latin, picture: symptom ? symptom.picture : "", canTeach: id !== UNKNOWN };
}

/**
 * The data that is sent with the photo.
 * @param {Prediction} prediction the shown answer
 * @param {string} label
 * @returns {import("../../scanner/relay/relay.js").FeedbackFields}
 */
function feedbackFieldsOf({ classes, verdict, model }, label) {
  return { label, answer: classes[0].id, verdict, model: `${model.name} ${model.version}` };
}

module.exports = { chosenClass, feedbackFieldsOf, wrongGroups };
