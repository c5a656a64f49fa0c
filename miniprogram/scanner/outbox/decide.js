// @ts-check

/**
 * Inputs of the decision besides the scan.
 * @typedef {object} Circumstances
 * @property {Mode} mode
 * @property {boolean} relay an address is set
 * @property {boolean} online
 * @property {"granted" | "declined" | "unknown"} consent to sending photos because the phone's model does not work
 * @property {number} wait milliseconds until this scan may be sent again
 */

/**
 * @typedef {{ do: "predict" | "send" | "ask_consent" }
 *   | { do: "settle", problem: string | null }
 *   | { do: "hold", problem: string }
 *   | { do: "stay", problem: string | null, wait: number | null }} Step
 */

/**
 * Decides the next step of a scan without a final answer: phone or relay, now or later.
 *
 * - automatic: the phone first. A confident answer and not-a-leaf are final; an unsure one goes to the relay, as do photos at
 *   which the phone fails, once the grower has consented.
 * - phone: nothing is sent automatically.
 * - relay: the relay first; if it is unreachable the phone gives a provisional answer.
 * - In every mode: a scan that the grower asks for is sent, one that the grower stopped is not.
 * @param {Scan} scan
 * @param {Circumstances} now
 * @returns {Step}
 */
function nextStep(scan, { mode, relay, online, consent, wait }) {
  const asked = scan.phone !== null || scan.phoneProblem !== null;

  /**
   * Keeps the phone's answer as the final one.
   * @param {string | null} problem
   * @returns {Step}
   */
  const withoutRelay = (problem) => {
    if (scan.phone) return { do: "settle", problem };
    return asked ? { do: "stay", problem: problem || scan.phoneProblem, wait: null } : { do: "predict" };
  };

  if (scan.held) return withoutRelay(scan.phone ? null : scan.problem);
  if (!scan.wanted) {
    const relayFirst = mode === "relay" && relay;
    if (!relayFirst && scan.phone && scan.phone.verdict !== "unsure") return { do: "settle", problem: null };
    if (!relayFirst && !asked) return { do: "predict" };
    if (mode === "phone") return withoutRelay(null);
  }
  // If the phone failed, its problem is the one that can be fixed.
  if (!relay) return withoutRelay(scan.phone ? "no_relay" : null);
  if (mode !== "relay" && !scan.wanted && !scan.phone && consent !== "granted") {
    return consent === "declined" ? { do: "hold", problem: "upload_declined" } : { do: "ask_consent" };
  }
  if (!online) return asked ? { do: "stay", problem: "offline", wait: null } : { do: "predict" };
  if (wait > 0) return asked || scan.attempts === 0 ? { do: "stay", problem: scan.problem, wait } : { do: "predict" };
  return { do: "send" };
}

module.exports = { nextStep };
