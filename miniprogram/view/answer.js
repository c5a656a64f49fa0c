// @ts-check
const { candidates } = require("./candidates.js");
const { confidence } = require("./confidence.js");
const { naming } = require("./naming.js");
const { notice } = require("./notice.js");
const { percent } = require("./percent.js");
const { sourceChips } = require("./source.js");
const { isStuck } = require("./waiting.js");

/** Where the relay is not being asked already. @type {ScanState[]} */
const ASKABLE = ["answered", "waiting", "refused"];

/**
 * What the result card says about a scan.
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
    chips: sourceChips(scan, context),
    ...subject,
    lead: shown ? leadOf(shown.prediction, context) : null,
    confidence: shown ? confidence(shown.prediction, context) : null,
    caution: shown ? caution(scan, shown, context) : null,
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
      teach: Boolean(shown) || scan.state === "answered",
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
 * An answer that is not sure gets better by another photo; where there is none, another try comes first.
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

/** @param {Prediction} prediction @param {ViewContext} context */
function leadOf({ verdict, guild, classes }, { t }) {
  if (verdict !== "unsure" || !classes.length) return null;
  return t(guild ? "card.probably" : "card.mostLike");
}

/** @param {Scan} scan @param {ViewContext} context */
function busyLine(scan, { t }) {
  if (scan.state === "predicting") return t("card.workingHint", { n: scan.count });
  if (scan.state === "asking") return t(scan.shown ? "card.provisionalAsking" : "card.asking");
  return null;
}

/**
 * What the answer is about: a class, its group where only that is sure, or no leaf at all.
 * @param {Prediction} prediction
 * @param {ViewContext} context
 * @returns {{ title: string, latin: string, second: string, classId: string | null, guild: string | null }}
 */
function subjectOf(prediction, context) {
  if (prediction.verdict === "not_mango_leaf") {
    return { title: context.t("card.notLeaf"), latin: "", second: "", classId: null, guild: null };
  }
  const guild = prediction.guild && context.catalog.guild(prediction.guild.id);
  if (guild) {
    const other = context.language === "zh" ? "en" : "zh";
    return {
      title: guild.names[context.language], latin: "", second: guild.names[other], classId: null, guild: guild.id,
    };
  }
  const first = prediction.classes[0];
  if (!first) return { title: context.t("card.unsure"), latin: "", second: "", classId: null, guild: null };
  const { title, latin, second, guild: group } = naming(first.id, context);
  return { title, latin, second, classId: first.id, guild: group };
}

/** @param {Card["phase"]} phase @param {ViewContext} context @returns {ReturnType<typeof subjectOf>} */
function withoutAnswer(phase, { t }) {
  const titles = {
    working: "card.working", waiting: "card.waitTitle", stuck: "card.stuckTitle", refused: "card.refusedTitle", answered: "card.unsure",
  };
  return { title: t(titles[phase]), latin: "", second: "", classId: null, guild: null };
}

/** @param {Scan} scan @param {Shown} shown @param {ViewContext} context */
function caution({ state }, { prediction, source }, { t, taught }) {
  if (prediction.verdict === "not_mango_leaf") {
    if (source === "relay") return t("card.notLeafRelay");
    return t(state === "answered" ? "card.notLeafHint" : "card.notLeafPhone");
  }
  const first = prediction.classes[0];
  if (!first || first.basis !== "few_photos" || prediction.guild) return null;
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
 * @param {{ classId: string | null, guild: string | null }} subject
 * @param {ViewContext} context
 */
function todo(prediction, subject, context) {
  if (prediction.verdict === "not_mango_leaf") return retake(context);
  const { catalog, language, t } = context;
  if (prediction.verdict === "unsure" && !prediction.guild) {
    return { title: t("card.todo"), steps: context.lines("card.unsureSteps") };
  }
  const entry = subject.classId ? catalog.find(subject.classId) : subject.guild ? catalog.guild(subject.guild) : null;
  return entry ? { title: t("card.todo"), steps: entry.advice[language].slice(0, 2) } : null;
}

/** @param {ViewContext} context */
function retake(context) {
  return { title: context.t("card.retake"), steps: context.lines("card.retakeSteps") };
}

module.exports = { answerCard };
