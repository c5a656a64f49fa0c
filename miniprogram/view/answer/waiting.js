// @ts-check

/**
 * Whether the phone failed at a scan and nobody else will be asked: only another try helps.
 * @param {Scan} scan
 * @param {{ hasRelay: boolean }} context
 */
function isStuck({ state, shown, problem, phoneProblem, attempts }, { hasRelay }) {
  if (state !== "waiting" || shown || phoneProblem === null || problem !== phoneProblem) return false;
  // After a sending the same code may be the relay's, such as `too_slow`.
  return attempts === 0 || !hasRelay;
}

/**
 * Whether a scan goes to the relay by itself, now or later.
 * @param {Scan} scan
 * @param {{ hasRelay: boolean }} context
 */
function isOutgoing(scan, context) {
  return scan.state === "asking" || (scan.state === "waiting" && !scan.held && !isStuck(scan, context));
}

module.exports = { isOutgoing, isStuck };
