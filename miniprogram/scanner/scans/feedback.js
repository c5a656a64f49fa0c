// @ts-check

const STATES = ["unsent", "sending", "unclear", "sent"];
const VERDICTS = ["confident", "unsure", "not_mango_leaf"];

/** Path of the copy of a photo to send, in its scan's folder. @param {string} id of the scan */
const feedbackPicture = (id) => `scans/${id}/feedback.jpg`;

/**
 * Parses the feedback that is stored in a scan's file.
 * @param {string} id of the scan
 * @param {any} value
 * @returns {Feedback | null} null if it is damaged or absent
 */
function parseFeedback(id, value) {
  if (!value || STATES.indexOf(value.state) < 0 || VERDICTS.indexOf(value.verdict) < 0) return null;
  const { state, verdict, label, answer, model, at, code, days, relay } = value;
  if (![label, answer, model].every(isText) || !Number.isFinite(at)) return null;
  const sent = state === "sent";
  if (sent && !(isText(code) && isText(relay) && Number.isFinite(days))) return null;
  return {
    state,
    label,
    answer,
    verdict,
    model,
    at,
    picture: !sent && value.picture === feedbackPicture(id) ? value.picture : null,
    problem: isText(value.problem) ? value.problem : null,
    code: sent ? code : null,
    days: Number.isFinite(days) ? days : null,
    relay: isText(relay) ? relay : null,
  };
}

/**
 * Feedback whose sending was interrupted by a restart may have arrived.
 * @param {Feedback} feedback
 * @param {(path: string) => boolean} has whether a file is there
 * @returns {Feedback}
 */
function resumedFeedback(feedback, has) {
  const { state, picture } = feedback;
  return { ...feedback, state: state === "sending" ? "unclear" : state, picture: picture && has(picture) ? picture : null };
}

/** @param {unknown} value */
const isText = (value) => typeof value === "string" && value !== "";

module.exports = { feedbackPicture, parseFeedback, resumedFeedback };
