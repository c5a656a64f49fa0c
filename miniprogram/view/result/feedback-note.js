// @ts-check
const { choiceName } = require("../guide/compare.js");
const { problemLine } = require("../text/problem.js");
const { dayName } = require("../text/time.js");

/** Problems that a further tap does not solve: the consent does not cover what the relay does now. */
const NOT_AGREED = ["feedback_other_relay", "feedback_kept_longer"];

/** @typedef {"send" | "drop" | "takeBack"} FeedbackAction */
/**
 * @typedef {object} FeedbackNote
 * @property {string} text
 * @property {Tone} tone
 * @property {string} glyph
 * @property {boolean} settled whether it may be shown below the answer; pending feedback is shown first
 * @property {{ id: FeedbackAction, name: string }[]} actions
 */

/**
 * State of a photo that the grower sent, and the possible actions.
 * @param {Scan} scan
 * @param {number} now milliseconds
 * @param {ViewContext} context
 * @returns {FeedbackNote | null} null without feedback
 */
function feedbackNote({ feedback }, now, context) {
  if (!feedback) return null;
  const { t } = context;
  const { state, label, at, days, problem, picture } = feedback;
  const action = (/** @type {FeedbackAction} */ id) => ({ id, name: t(`feedback.${id}`) });
  const again = picture ? [action("send"), action("drop")] : [action("drop")];
  switch (state) {
    case "sending":
      return { text: t("feedback.sending"), tone: "relay", glyph: "upload", settled: false, actions: [] };
    case "sent": {
      const text = t("feedback.sent", { name: choiceName(label, context), date: dayName(at, now, context), days: days || 0 });
      return { text, tone: "sure", glyph: "check", settled: true, actions: [action("takeBack")] };
    }
    case "unclear": {
      const isRefused = problem !== null && NOT_AGREED.indexOf(problem) >= 0;
      const text = isRefused ? `${t("feedback.unclear")} ${problemLine(problem, context)}` : t("feedback.unclear");
      return { text, tone: "unsure", glyph: "clock", settled: false, actions: again };
    }
    default: {
      const line = problem === "relay_refused" ? t("feedback.refused") : problem ? problemLine(problem, context) : t("feedback.notYet");
      return { text: t("feedback.unsent", { line }), tone: "unsure", glyph: "clock", settled: false, actions: again };
    }
  }
}

/**
 * Number of scans with a photo on the relay, which is not deleted with the records.
 * @param {Scan[]} scans
 */
function givenAway(scans) {
  return scans.filter(({ feedback }) => feedback && (feedback.state === "sent" || feedback.state === "unclear")).length;
}

module.exports = { feedbackNote, givenAway };
