// @ts-check

const SHORTEST = 5000;
const LONGEST = 10 * 60 * 1000;
const LONGEST_ASKED = 60 * 60 * 1000;

/**
 * Milliseconds until the next attempt. They double, with jitter per phone, so that a relay that comes back is not hit by all
 * phones at once.
 * @param {number} attempts failed attempts so far, including this one
 * @param {number} random 0 to 1
 * @param {number | null} [asked] the relay's Retry-After
 */
function backoff(attempts, random, asked) {
  // Bound the exponent, so that weeks of waiting do not overflow to infinity.
  const doubled = SHORTEST * Math.pow(2, Math.min(Math.max(attempts, 1), 20) - 1);
  const wait = Math.min(doubled * (1 + random / 2), LONGEST);
  return Math.max(wait, Math.min(asked || 0, LONGEST_ASKED));
}

/**
 * Milliseconds until a moment. 0 if it is further off than the longest wait: the clock was set back.
 * @param {number} moment
 * @param {number} now
 */
function untilDue(moment, now) {
  const wait = moment - now;
  return wait > LONGEST_ASKED ? 0 : Math.max(wait, 0);
}

module.exports = { backoff, untilDue, SHORTEST, LONGEST };
