/** The codes of the errors that the module itself throws; keep them in sync with `failure.rs`. */
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

/** Whether an error is a reported failure and not a crash. The refusal of a dead instance counts as reported. */
export function isReported(error) {
  return error instanceof Error && (REPORTED.has(error.code) || error.code === "needs_restart");
}

/**
 * An `Error` with a `code` for programs and a message for people.
 * @param {string} code
 * @param {string} message
 */
export function failure(code, message) {
  return Object.assign(new Error(message), { code });
}
