// @ts-check

const SHORTEST = 5000;
const LONGEST = 10 * 60 * 1000;
const LONGEST_ASKED = 60 * 60 * 1000;

/**
 * Milliseconds until the next sending. They double, and differ from phone to phone, so that a relay that comes back is not
 * met by all phones at once.
 * @param {number} attempts sendings that failed so far, this one included
 * @param {number} random 0 to 1
 * @param {number | null} [asked] what the relay asked for by Retry-After
 */
function backoff(attempts, random, asked) {
  // The exponent is bounded, or a scan that waits for weeks would come to infinity.
  const doubled = SHORTEST * Math.pow(2, Math.min(Math.max(attempts, 1), 20) - 1);
  const wait = Math.min(doubled * (1 + random / 2), LONGEST);
  return Math.max(wait, Math.min(asked || 0, LONGEST_ASKED));
}

/**
 * Milliseconds to wait for a moment. None for one further off than any wait: then the clock was set back.
 * @param {number} moment
 * @param {number} now
 */
function untilDue(moment, now) {
  const wait = moment - now;
  return wait > LONGEST_ASKED ? 0 : Math.max(wait, 0);
}

module.exports = { backoff, untilDue, SHORTEST, LONGEST };
