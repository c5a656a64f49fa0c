/** What the module itself throws; `failure.rs` has them too. */
const REPORTED = new Set([
  "bad_argument",
  "bad_catalog",
  "bad_gallery",
  "bad_manifest",
  "bad_weights",
  "gallery_refuses",
  "not_a_photo",
  "photo_cut_off",
  "photo_damaged",
  "photo_empty",
  "photo_too_large",
  "prediction_failed",
]);

/** Whether the module reported a failure, as opposed to failing itself. A dead copy's refusal is passed on too. */
export function isReported(error) {
  return error instanceof Error && (REPORTED.has(error.code) || error.code === "needs_restart");
}

/**
 * An `Error` whose `code` programs act on and whose message is for people.
 * @param {string} code
 * @param {string} message
 */
export function failure(code, message) {
  return Object.assign(new Error(message), { code });
}
