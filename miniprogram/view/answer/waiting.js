// @ts-check

/**
 * Whether the phone failed and the relay will not be asked, so that only another try helps.
 * @param {Scan} scan
 * @param {{ hasRelay: boolean }} context
 */
function isStuck({ state, shown, problem, phoneProblem, attempts }, { hasRelay }) {
  if (state !== "waiting" || shown || phoneProblem === null || problem !== phoneProblem) return false;
  // After a sending the code may be the relay's, such as `too_slow`.
  return attempts === 0 || !hasRelay;
}

/**
 * Whether a scan will be sent to the relay automatically.
 * @param {Scan} scan
 * @param {{ hasRelay: boolean }} context
 */
function isOutgoing(scan, context) {
  return scan.state === "asking" || (scan.state === "waiting" && !scan.held && !isStuck(scan, context));
}

module.exports = { isOutgoing, isStuck };
