// @ts-check
const { candidates } = require("./candidates.js");
const { check, choiceOf, comparison } = require("../guide/compare.js");
const { confidence } = require("./confidence.js");
const { naming } = require("../text/naming.js");
const { notice } = require("./notice.js");
const { percent } = require("../text/percent.js");
const { sourceChips } = require("./source.js");
const { soughtParts, subjectOf } = require("./subject.js");
const { isStuck } = require("./waiting.js");

/** Where the relay is not being asked already. @type {ScanState[]} */
const ASKABLE = ["answered", "waiting", "refused"];

/**
 * The result card of a scan.
 * @param {Scan} scan
 * @param {ViewContext} context
 * @returns {Card}
 */
function answerCard(scan, context) {
  const { t } = context;
  const shown = scan.shown;
  const phase = phaseOf(scan, context);
  const subject = shown ? subjectOf(shown.prediction, context) : withoutAnswer(phase, context);
  const known = Boolean(subject.classId && context.catalog.find(subject.classId));
  const unlike = Boolean(shown && shown.prediction.verdict === "not_mango_leaf");
  return {
    phase,
    busy: busyLine(scan, context),
    chips: shown ? [...sourceChips(scan, context), ...partChips(shown.prediction, context)] : [],
    title: subject.title,
    latin: subject.latin,
    second: subject.second,
    classId: subject.classId,
    guild: subject.guild,
    lead: shown ? leadOf(shown.prediction, subject, context) : null,
    confidence: shown ? confidence(shown.prediction, subject, context) : null,
    caution: shown ? caution(scan, shown, subject, context) : null,
    check: shown ? check(shown.prediction, context) : null,
    compare: shown ? comparison(shown.prediction, context) : null,
    choice: choiceOf(scan, context),
    ...candidates(shown ? shown.prediction : null, context),
    orchard: shown && shown.orchard ? orchardLine(shown.orchard, context) : null,
    todo: shown ? todo(shown.prediction, subject, context) : phase === "refused" ? retake(context) : null,
    notice: notice(scan, context),
    pooled: scan.count > 1 ? t("result.photos", { n: scan.count }) : null,
    main: mainAction(phase, known, shown),
    can: {
      detail: known,
      ask: context.hasRelay && scan.photos.length > 0 && !scan.relay && ASKABLE.includes(scan.state),
      stop: scan.state === "asking",
      retry: scan.state === "waiting" && !scan.phone && scan.phoneProblem !== null && scan.photos.length > 0,
      correct: Boolean(shown),
      person: phase !== "working" && (scan.photos.length > 0 || scan.thumbnail !== null),
      share: Boolean(shown) && !unlike,
    },
    askLabel: t(unlike ? "result.askAnyway" : "result.askRelay"),
  };
}

/** @param {Scan} scan @param {ViewContext} context @returns {Card["phase"]} */
function phaseOf(scan, context) {
  if (scan.state === "refused") return "refused";
  if (scan.shown) return "answered";
  if (isStuck(scan, context)) return "stuck";
  return scan.state === "waiting" ? "waiting" : "working";
}

/**
 * For an unsure answer the first action is another photo; without an answer, another try.
 * @param {Card["phase"]} phase
 * @param {boolean} known
 * @param {Shown | null} shown
 * @returns {Card["main"]}
 */
function mainAction(phase, known, shown) {
  if (phase === "working") return null;
  if (phase === "stuck") return "retry";
  return known && shown && shown.prediction.verdict === "confident" ? "detail" : "again";
}

/** @param {Prediction} prediction @param {Subject} subject @param {ViewContext} context */
function leadOf({ verdict }, { about }, { t }) {
  if (verdict !== "unsure") return null;
  return about === "guild" ? t("card.probably") : about === "class" ? t("card.mostLike") : null;
}

/** The part of the tree, from a model that knows several. @param {Prediction} prediction @param {ViewContext} context @returns {Chip[]} */
function partChips({ part }, { t }) {
  return part ? [{ text: t(`part.${part}`), tone: "plain", glyph: part }] : [];
}

/** @param {Scan} scan @param {ViewContext} context */
function busyLine(scan, { t }) {
  if (scan.state === "predicting") return t("card.workingHint", { n: scan.count });
  if (scan.state === "asking") return t(scan.shown ? "card.provisionalAsking" : "card.asking");
  return null;
}

/** @param {Card["phase"]} phase @param {ViewContext} context @returns {Subject} */
function withoutAnswer(phase, { t }) {
  const titles = {
    working: "card.working", waiting: "card.waitTitle", stuck: "card.stuckTitle", refused: "card.refusedTitle", answered: "card.unsure",
  };
  return { about: "nothing", title: t(titles[phase]), latin: "", second: "", classId: null, guild: null, probability: null };
}

/** @param {Scan} scan @param {Shown} shown @param {Subject} subject @param {ViewContext} context */
function caution({ state }, { prediction, source }, { about }, context) {
  const { t, taught } = context;
  if (prediction.verdict === "not_mango_leaf") {
    const what = soughtParts(prediction, context);
    if (source === "relay") return t("card.notLeafRelay", { what });
    return t(state === "answered" ? "card.notLeafHint" : "card.notLeafPhone", { what });
  }
  const first = prediction.classes[0];
  if (about !== "class" || first.basis !== "few_photos") return null;
  const own = taught.some(({ id }) => id === first.id);
  return t(own ? "card.taughtPhotos" : "card.fewPhotos", { n: first.photos || 1 });
}

/** @param {RankedClass} ranked @param {ViewContext} context */
function orchardLine(ranked, context) {
  const name = naming(ranked.id, context).title;
  return { id: ranked.id, text: context.t("card.orchard", { name, percent: percent(ranked.probability) }) };
}

/**
 * @param {Prediction} prediction
 * @param {Subject} subject
 * @param {ViewContext} context
 */
function todo(prediction, subject, context) {
  if (prediction.verdict === "not_mango_leaf") return retake(context);
  const { catalog, language, t } = context;
  if (prediction.verdict === "unsure" && (subject.about === "class" || subject.about === "symptom")) {
    return { title: t("card.todo"), steps: context.lines(prediction.part === "fruit" ? "card.unsureStepsFruit" : "card.unsureSteps") };
  }
  const entry = subject.classId ? catalog.find(subject.classId) : subject.guild ? catalog.guild(subject.guild) : null;
  return entry ? { title: t("card.todo"), steps: entry.advice[language].slice(0, 2) } : null;
}

/** @param {ViewContext} context */
function retake(context) {
  return { title: context.t("card.retake"), steps: context.lines("card.retakeSteps") };
}

module.exports = { answerCard };
