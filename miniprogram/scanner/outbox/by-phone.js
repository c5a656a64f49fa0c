// @ts-check
const { withoutMap } = require("../answer/prediction.js");
const { codeOf } = require("../basics/failure.js");
const { nextStep } = require("./decide.js");

/** Predictions of one scan that may be interrupted by the end of the app before the phone counts as failed. */
const TRIES = 2;

/** Codes of faults of the photo, not of the phone. */
const PHOTO_FAULTS = ["photo_empty", "not_a_photo", "photo_cut_off", "photo_damaged", "photo_too_large"];

/** @param {string} code */
const isPhotoFault = (code) => PHOTO_FAULTS.indexOf(code) >= 0;

/**
 * Runs the phone's model on a scan.
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job of a scan that is `predicting`
 */
async function askPhone(context, job) {
  const { scanStore, model } = context;
  const { photos, tries } = scanOf(context, job);
  if (tries >= TRIES) return phoneFailed(context, job, "model_unavailable", "predicting this photo ended the app before", tries);
  scanStore.change(job.id, null, { tries: tries + 1 });
  await scanStore.saved(job.id);
  await context.drawn();
  if (!job.isCurrent()) return undefined;
  try {
    const contents = await Promise.all(photos.map((path) => context.files.read(path)));
    const prediction = await model.predict(contents, { explain: photos.length === 1 });
    if (job.isCurrent()) phoneAnswered(context, job, prediction);
  } catch (error) {
    if (job.isCurrent() && !(await context.lostPhotos(job))) {
      phoneFailed(context, job, codeOf(error, "model_unavailable"), error instanceof Error ? error.message : null);
    }
  }
  return undefined;
}

/**
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job
 */
const scanOf = (context, job) => /** @type {Scan} */ (context.scanStore.get(job.id));

/**
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job
 * @param {Prediction} phone
 */
function phoneAnswered(context, job, phone) {
  /** @type {Shown} */
  const shown = { source: "phone", prediction: phone, orchard: null };
  const answer = { phone: withoutMap(phone), shown, phoneProblem: null, tries: 0 };
  const scan = { ...scanOf(context, job), ...answer };
  const step = nextStep(scan, context.circumstances(scan));
  if (step.do === "settle") {
    context.scanStore.change(job.id, "phone_settles", { ...answer, problem: step.problem, detail: null, held: false });
  } else {
    context.scanStore.change(job.id, "phone_hands_over", answer);
  }
}

/**
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job
 * @param {string} code
 * @param {string | null} detail
 * @param {number} [tries] unchanged if the failure does not count as a try
 */
function phoneFailed(context, job, code, detail, tries = 0) {
  if (!job.isCurrent()) return;
  const event = isPhotoFault(code) ? "photo_unfit" : "phone_hands_over";
  // An existing problem comes from the relay and takes precedence.
  const scan = scanOf(context, job);
  const problem = isPhotoFault(code) || scan.problem === null ? code : scan.problem;
  context.scanStore.change(job.id, event, { phoneProblem: code, tries, problem, detail: scan.detail || detail });
}

/**
 * Whether the phone may succeed after a restart: the model did not start or was too slow.
 * @param {Scan} scan
 */
function mayTryAgain({ state, phone, phoneProblem, tries }) {
  return state === "waiting" && !phone && phoneProblem !== null && !isPhotoFault(phoneProblem) && tries < TRIES;
}

module.exports = { askPhone, isPhotoFault, mayTryAgain };
