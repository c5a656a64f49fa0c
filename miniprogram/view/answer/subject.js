// @ts-check
const { naming } = require("../text/naming.js");

/** From this probability on a symptom is likelier than none. */
const LIKELY = 0.5;

/**
 * The subject of an answer with its probability: the class of a confident answer; for an unsure one the group or the presence
 * of a symptom if that is certain, else the likeliest class.
 * @param {Prediction} prediction
 * @param {ViewContext} context
 * @returns {Subject}
 */
function subjectOf(prediction, context) {
  const { verdict, classes, guild } = prediction;
  if (verdict === "not_mango_leaf") return { ...NOTHING, title: context.t("card.notLeaf", { what: soughtParts(prediction, context) }) };
  const group = guild && context.catalog.guild(guild.id);
  if (guild && group) {
    const other = context.language === "zh" ? "en" : "zh";
    return {
      ...NOTHING, about: "guild", title: group.names[context.language], second: group.names[other], guild: group.id, probability: guild.probability,
    };
  }
  const [first] = classes;
  if (!first) return { ...NOTHING, title: context.t("card.unsure") };
  const { title, latin, second, guild: ofClass } = naming(first.id, context);
  return symptomOf(prediction, context)
    || { about: "class", title, latin, second, classId: first.id, guild: ofClass, probability: first.probability };
}

/** @type {Subject} */
const NOTHING = { about: "nothing", title: "", latin: "", second: "", classId: null, guild: null, probability: null };

/**
 * Whether a symptom is present, if the class is unsure and that is certain.
 * @param {Prediction} prediction
 * @param {ViewContext} context
 * @returns {Subject | null}
 */
function symptomOf({ verdict, classes, symptom }, { catalog, t }) {
  if (verdict !== "unsure" || !symptom || !symptom.certain) return null;
  if (symptom.probability >= LIKELY) return { ...NOTHING, about: "symptom", title: t("card.symptom"), probability: symptom.probability };
  // The symptom's probability excludes gallery classes: if one of them is first, the answer is never "healthy".
  const first = catalog.find(classes[0].id);
  if (!first || first.kind !== "healthy") return null;
  return { ...NOTHING, about: "no_symptom", title: t("card.noSymptom"), guild: first.guild, probability: 1 - symptom.probability };
}

/**
 * The parts of the tree that the prediction's model knows, as text.
 * @param {Prediction} prediction
 * @param {ViewContext} context
 */
function soughtParts({ classes }, { catalog, t }) {
  const knowsFruit = classes.some(({ id }) => {
    const entry = catalog.find(id);
    return entry !== null && entry.part === "fruit";
  });
  return t(knowsFruit ? "part.leafOrFruit" : "part.leafAlone");
}

module.exports = { soughtParts, subjectOf };
