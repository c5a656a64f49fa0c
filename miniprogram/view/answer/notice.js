// @ts-check
const { INTERNAL, problemLine } = require("../text/problem.js");
const { isStuck } = require("./waiting.js");

/** Problems that call for the grower or the developer: waiting alone does not help. */
const NEEDS_HANDS = new Set([
  "relay_certificate", "relay_domain", "relay_address", "relay_refused", "privacy_undeclared", "storage_full",
]);

/**
 * One line about the current state of a scan, or null.
 * @param {Scan} scan
 * @param {ViewContext} context
 * @returns {Notice | null}
 */
function notice(scan, context) {
  const { problem, state, detail, phoneProblem } = scan;
  if (state === "answered" && phoneProblem && scan.relay) {
    const line = problemLine(phoneProblem, context);
    return { text: context.t("card.phoneFailed", { line }), tone: "plain", detail: null };
  }
  if (isStuck(scan, context)) return { text: problemLine(phoneProblem, context), tone: "alarm", detail: wordsOf(phoneProblem, detail) };
  // Without a relay this is the normal state, so there is no notice.
  if (problem === "no_relay") return null;
  if (problem) return { text: lineOf(scan, context), tone: toneOf(state, problem), detail: wordsOf(problem, detail) };
  if (state !== "waiting") return null;
  return { text: context.t(scan.shown ? "card.provisionalHint" : "card.waitHint"), tone: "unsure", detail: null };
}

/**
 * The message of a failure, if it is useful.
 * @param {string | null} code
 * @param {string | null} detail
 */
function wordsOf(code, detail) {
  return code !== null && INTERNAL.has(code) ? null : detail;
}

/** Problems that pass by themselves: the scan is sent again. */
const PASSES = new Set(["relay_broken", "relay_busy", "relay_interrupted", "relay_unreachable", "too_slow"]);

/**
 * A grower knows about being offline; the notice says what happens next.
 * @param {Scan} scan
 * @param {{ t: ViewContext["t"] }} context
 */
function lineOf({ problem, state, shown }, context) {
  const line = problemLine(problem, context);
  if (state !== "waiting" || problem === null) return line;
  if (problem === "offline") return context.t(shown ? "card.provisionalOffline" : "card.waitOffline");
  return PASSES.has(problem) ? context.t("card.sentLater", { line }) : line;
}

/** @param {ScanState} state @param {string} problem @returns {Tone} */
function toneOf(state, problem) {
  if (state === "refused" || NEEDS_HANDS.has(problem)) return "alarm";
  return state === "waiting" ? "unsure" : "plain";
}

module.exports = { notice };
