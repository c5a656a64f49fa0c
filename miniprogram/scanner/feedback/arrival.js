// @ts-check

/** Failures before the relay could have stored a photo. */
const REFUSED = [
  "offline", "no_relay", "relay_busy", "relay_certificate", "relay_domain", "relay_address", "relay_refused", "privacy_undeclared",
];

/** Chromium's error numbers for a connection that was not established. */
const NO_CONNECTION = /:\s*-(?:102|104|105|106|109|118)\b/;

/**
 * Whether a photo may have arrived although sending failed: the answer may have been lost.
 * @param {{ code?: string, detail?: string, mayBeKept?: boolean }} error
 */
function mayHaveArrived({ code = "", detail = "", mayBeKept }) {
  if (mayBeKept !== undefined) return mayBeKept;
  if (REFUSED.indexOf(code) >= 0 || /^photo_|^not_a_photo$/.test(code)) return false;
  return code !== "relay_unreachable" || !NO_CONNECTION.test(detail);
}

module.exports = { mayHaveArrived };
