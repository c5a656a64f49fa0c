/** One photo session: what `scans/<id>/scan.json` holds. */
interface Scan {
  /** Sorts by time. */
  id: string;
  takenAt: number;
  state: ScanState;
  /** The photos' paths for `Files`, such as `scans/x/0.jpg`; none once they were let go. */
  photos: string[];
  /** How many photos there were. */
  count: number;
  /** Path for `Files` of a JPEG of at most 256 px. */
  thumbnail: string | null;
  phone: Prediction | null;
  relay: Prediction | null;
  shown: Shown | null;
  /** The class that the grower sees, or `unknown`; it changes no answer. */
  choice?: string;
  /** A photo of it that the grower gave to the relay, or is about to. */
  feedback?: Feedback;
  /** Why there is no better answer: a code that `i18n` has a line for. */
  problem: string | null;
  /** Further words for the developer, such as a status or an errMsg. */
  detail: string | null;
  /** Consecutive sendings that failed because of the network. */
  attempts: number;
  nextAttempt: number;
  /** The grower asked for the relay's answer. */
  wanted: boolean;
  /** Not to be sent unless the grower asks: sending was declined or cancelled. */
  held: boolean;
  /** Why the phone has no answer, once it was asked: a code. */
  phoneProblem: string | null;
  /** Predictions started since the last one that ended: a photo that crashes the app is not retried for ever. */
  tries: number;
}

/**
 * A photo that goes to the relay with what the grower says it is.
 *
 * - `unsent`: it did not arrive
 * - `sending`: on its way; after a restart it is `unclear`
 * - `unclear`: it may have arrived, and its code was lost on the way back
 * - `sent`: it arrived, and the code deletes it
 */
interface Feedback {
  state: "unsent" | "sending" | "unclear" | "sent";
  /** A class of the catalog, or `unknown`. */
  label: string;
  /** The class that the model ranked first. */
  answer: string;
  verdict: Prediction["verdict"];
  /** The model's name and version. */
  model: string;
  /** When it was sent, or tried last. */
  at: number;
  /** Path for `Files` of the photo to send; null once it was sent. */
  picture: string | null;
  /** Why it was not sent: a code. */
  problem: string | null;
  /** Deletion code of a sent photo. */
  code: string | null;
  /** Days of retention: those agreed to, and once it was sent those that the relay confirmed. */
  days: number | null;
  /** Address of the relay that the grower agreed to; the photo goes to no other. */
  relay: string | null;
}

/**
 * `Scan.problem`, beside a code of the phone's model (wasm/npm/index.d.ts and scanner/phone/model/model.js) or of
 * scanner/relay/failure.js:
 * - `offline`: no network; it is sent when that returns
 * - `no_relay`: no relay address is set
 * - `upload_declined`: the grower did not agree to the first upload
 * - `cancelled`: the grower stopped the sending, and the phone has no answer
 * - `photo_missing`: the photos' files are not there any more
 *
 * Rejections of the scanner's own: `bad_argument` (not 1 to 6 photos), `storage_full`, `not_found` (no such scan), `no_relay`,
 * `photos_gone` (the relay is to be asked for photos that were let go), `feedback_closed` (the relay cannot say whether it
 * still has a photo), `feedback_sending` (a photo that is being sent cannot be dropped). `Feedback.problem` may also be
 * `feedback_other_relay` or `feedback_kept_longer`: the grower did not agree to that address, or to so many days.
 */
type ScanProblem = string;

/**
 * - `predicting`: the phone is at work
 * - `asking`: the relay is being asked
 * - `waiting`: in the outbox; `shown`, if any, is provisional
 * - `answered`: nothing more will come by itself
 * - `refused`: no photo, or one that neither can read
 */
type ScanState = "predicting" | "asking" | "waiting" | "answered" | "refused";

type Mode = "automatic" | "phone" | "relay";

interface Settings {
  /** Address of the relay without a slash at its end; empty where there is none. */
  relay: string;
  mode: Mode;
  language: "system" | "zh" | "en";
  /** Keep small copies of taught photos, so that the gallery can be rebuilt for a new model. */
  keepTaught: boolean;
  /** Where the orchard is, for the calendar; empty until the grower says so. */
  region: Region | "";
  /** The grower's own months, used in the region `own`. */
  stageMonths: StageMonths | null;
}

type Region = "hainan" | "guangxi" | "dry_valleys" | "own";

/** Growth stages; harvest includes the pruning after it. */
type CalendarStage = "flush" | "flowering" | "fruit_set" | "harvest";

/** Months of each stage, 1 to 12. */
type StageMonths = Record<CalendarStage, number[]>;

/** A class of the phone's own gallery. */
interface TaughtClass {
  id: string;
  label: string | null;
  photos: { key: string; picture: string | null }[];
}
