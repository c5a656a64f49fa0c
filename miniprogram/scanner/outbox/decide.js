// @ts-check

/**
 * What the decision depends on beside the scan.
 * @typedef {object} Circumstances
 * @property {Mode} mode
 * @property {boolean} relay an address is set
 * @property {boolean} online
 * @property {"granted" | "declined" | "unknown"} consent to send photos because the phone's model does not work
 * @property {number} wait milliseconds before which this scan is not to be sent again
 */

/**
 * @typedef {{ do: "predict" | "send" | "ask_consent" }
 *   | { do: "settle", problem: string | null }
 *   | { do: "hold", problem: string }
 *   | { do: "stay", problem: string | null, wait: number | null }} Step
 */

/**
 * What is to be done about a scan that has no final answer: phone or relay, now or later.
 *
 * - automatic: the phone first. Confident and not-a-leaf are enough; unsure goes to the relay, and so does what the phone
 *   fails at, once the grower has agreed to that.
 * - phone: nothing is sent by itself.
 * - relay: the relay first; out of its reach the phone gives a provisional answer.
 * - Whatever the mode: what the grower asks for is sent, what the grower stopped is not.
 * @param {Scan} scan
 * @param {Circumstances} now
 * @returns {Step}
 */
function nextStep(scan, { mode, relay, online, consent, wait }) {
  const asked = scan.phone !== null || scan.phoneProblem !== null;

  /**
   * The phone's answer has to do.
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
  // Where the phone failed, that is what can be mended.
  if (!relay) return withoutRelay(scan.phone ? "no_relay" : null);
  if (mode !== "relay" && !scan.wanted && !scan.phone && consent !== "granted") {
    return consent === "declined" ? { do: "hold", problem: "upload_declined" } : { do: "ask_consent" };
  }
  if (!online) return asked ? { do: "stay", problem: "offline", wait: null } : { do: "predict" };
  if (wait > 0) return asked || scan.attempts === 0 ? { do: "stay", problem: scan.problem, wait } : { do: "predict" };
  return { do: "send" };
}

module.exports = { nextStep };
