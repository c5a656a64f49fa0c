// @ts-check
const { sprayStep } = require("./spray-decision.js");
const { dayName } = require("../text/time.js");

const DAY = 24 * 60 * 60 * 1000;

/** @typedef {import("./spray-decision.js").SprayAnswers} SprayAnswers */

/** @type {Record<Remedy, Tone>} */
const TONES = { nothing: "sure", look_again: "sure", cultural: "sure", biological: "sure", product: "unsure" };

/**
 * The advice whether to spray against a class.
 * @param {GuideClass} entry
 * @param {SprayAnswers} answers so far
 * @param {number} now milliseconds
 * @param {ViewContext} context
 * @returns {SprayAdvice}
 */
function sprayAdvice(entry, answers, now, context) {
  const { t, catalog, language } = context;
  const guild = entry.guild === null ? null : catalog.guild(entry.guild);
  const enemies = guild && guild.biological ? guild.biological[language] : "";
  const step = sprayStep(entry, enemies !== "", answers);
  return {
    facts: entry.threshold ? facts(entry.threshold, context) : [],
    given: given(entry, answers, context),
    asks: "ask" in step ? step.ask : null,
    question: "ask" in step ? { title: question(step.ask, entry, context), choices: step.choices.map((id) => ({ id, name: choiceName(step.ask, id, entry, context) })) } : null,
    outcome: "remedy" in step ? outcome(step.remedy, entry, enemies, answers, now, context) : null,
    restart: t("spray.restart"),
  };
}

/** @param {Threshold} threshold @param {ViewContext} context */
function facts({ of, sample, stages, act_when: when, source, count }, { t, language }) {
  return [
    { name: t("spray.count"), text: t("spray.countOn", { what: count[language], sample: t(`spray.${of}`, { n: sample }) }) },
    { name: t("spray.stages"), text: stages.map((stage) => t(`spray.${stage}`)).join(language === "zh" ? "、" : ", ") },
    { name: t("spray.when"), text: when[language] },
    { name: t("spray.source"), text: source || t("spray.noSource") },
  ];
}

/** @param {keyof SprayAnswers} ask @param {GuideClass} entry @param {ViewContext} context */
function question(ask, { threshold }, { t, language }) {
  if (ask !== "amount" || !threshold) return t(`spray.${ask}`);
  return t("spray.amount", { what: threshold.count[language], sample: t(`spray.${threshold.of}`, { n: threshold.sample }) });
}

/** @param {keyof SprayAnswers} ask @param {string} id @param {GuideClass} entry @param {ViewContext} context */
function choiceName(ask, id, { threshold }, { t, language }) {
  if (ask === "amount" && id === "reached" && threshold) return t("spray.reached", { when: threshold.act_when[language] });
  return t(`spray.${id}`);
}

/** @param {GuideClass} entry @param {SprayAnswers} answers @param {ViewContext} context */
function given(entry, answers, context) {
  const asked = /** @type {(keyof SprayAnswers)[]} */ (Object.keys(answers));
  return asked.map((ask) => ({ question: question(ask, entry, context), answer: choiceName(ask, String(answers[ask]), entry, context) }));
}

/**
 * Lines of the catalog's advice: the first is about scouting, the last about the product, the others are measures without a
 * product.
 * @param {Remedy} remedy
 * @param {GuideClass} entry
 * @param {string} enemies
 * @param {SprayAnswers} answers
 * @param {number} now
 * @param {ViewContext} context
 * @returns {SprayAdvice["outcome"]}
 */
function outcome(remedy, { advice, threshold }, enemies, { stage }, now, context) {
  const { t, language } = context;
  const lines = advice[language];
  const date = threshold ? dayName(now + threshold.look_again_days * DAY, now, context) : "";
  const again = threshold ? [t("spray.again", { date })] : [];
  const careful = { flowering: [t("spray.bees")], fruiting: [t("spray.harvest")] };
  /** @type {Record<Remedy, string[]>} */
  const steps = {
    nothing: [t("spray.nothingLine"), lines[0]],
    look_again: [t("spray.belowLine"), lines[0]],
    cultural: [...lines.slice(1, -1), ...again],
    biological: [enemies, ...again],
    product: [lines[lines.length - 1], ...(stage === "flowering" || stage === "fruiting" ? careful[stage] : []), t("spray.ask")],
  };
  return { kind: remedy, title: t(`spray.title_${remedy}`, { date }), tone: TONES[remedy], steps: steps[remedy] };
}

module.exports = { sprayAdvice };
