// @ts-check
const { withoutMap } = require("../answer/prediction.js");
const { codeOf } = require("../basics/failure.js");
const { whatNow } = require("./decide.js");

/** Predictions of one scan that may end with the app before the phone counts as unable to. */
const TRIES = 2;

/** Codes that say something about the photo, and nothing about the phone. */
const PHOTO_FAULTS = ["photo_empty", "not_a_photo", "photo_cut_off", "photo_damaged", "photo_too_large"];

/** @param {string} code */
const isPhotoFault = (code) => PHOTO_FAULTS.indexOf(code) >= 0;

/**
 * Lets the phone predict.
 * @param {import("./desk.js").Desk} desk
 * @param {import("./jobs.js").Job} job of a scan that is `predicting`
 */
async function askPhone(desk, job) {
  const { ledger, model } = desk;
  const { photos, tries } = scanOf(desk, job);
  if (tries >= TRIES) return phoneFailed(desk, job, "model_unavailable", "predicting this photo ended the app before", tries);
  ledger.change(job.id, null, { tries: tries + 1 });
  await ledger.saved(job.id);
  await desk.drawn();
  if (!job.isCurrent()) return undefined;
  try {
    const contents = await Promise.all(photos.map((path) => desk.files.read(path)));
    const prediction = await model.predict(contents, { explain: photos.length === 1 });
    if (job.isCurrent()) phoneAnswered(desk, job, prediction);
  } catch (error) {
    if (job.isCurrent() && !(await desk.lostPhotos(job))) {
      phoneFailed(desk, job, codeOf(error, "model_unavailable"), error instanceof Error ? error.message : null);
    }
  }
  return undefined;
}

/**
 * @param {import("./desk.js").Desk} desk
 * @param {import("./jobs.js").Job} job
 */
const scanOf = (desk, job) => /** @type {Scan} */ (desk.ledger.get(job.id));

/**
 * @param {import("./desk.js").Desk} desk
 * @param {import("./jobs.js").Job} job
 * @param {Prediction} phone
 */
function phoneAnswered(desk, job, phone) {
  /** @type {Shown} */
  const shown = { source: "phone", prediction: phone, orchard: null };
  const answer = { phone: withoutMap(phone), shown, phoneProblem: null, tries: 0 };
  const scan = { ...scanOf(desk, job), ...answer };
  const step = whatNow(scan, desk.circumstances(scan));
  if (step.do === "settle") {
    desk.ledger.change(job.id, "phone_settles", { ...answer, problem: step.problem, detail: null, held: false });
  } else {
    desk.ledger.change(job.id, "phone_hands_over", answer);
  }
}

/**
 * @param {import("./desk.js").Desk} desk
 * @param {import("./jobs.js").Job} job
 * @param {string} code
 * @param {string | null} detail
 * @param {number} [tries] kept where it was them, so that it is left at that
 */
function phoneFailed(desk, job, code, detail, tries = 0) {
  if (!job.isCurrent()) return;
  const event = isPhotoFault(code) ? "photo_unfit" : "phone_hands_over";
  // A problem that is there already is the relay's, which matters more.
  const scan = scanOf(desk, job);
  const problem = isPhotoFault(code) || scan.problem === null ? code : scan.problem;
  desk.ledger.change(job.id, event, { phoneProblem: code, tries, problem, detail: scan.detail || detail });
}

/**
 * Whether the phone may do better when the app starts next: a model that did not start, or was too slow, may then.
 * @param {Scan} scan
 */
function mayTryAgain({ state, phone, phoneProblem, tries }) {
  return state === "waiting" && !phone && phoneProblem !== null && !isPhotoFault(phoneProblem) && tries < TRIES;
}

module.exports = { askPhone, isPhotoFault, mayTryAgain };
