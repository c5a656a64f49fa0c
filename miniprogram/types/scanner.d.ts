/** One photo session: what `scans/<id>/scan.json` holds. */
interface Scan {
  /** Sorts by time. */
  id: string;
  takenAt: number;
  state: ScanState;
  /** Files of the photos in the scan's folder; none once they were let go. */
  photos: string[];
  /** How many photos there were. */
  count: number;
  thumbnail: string | null;
  phone: Prediction | null;
  relay: Prediction | null;
  shown: Shown | null;
  /** Why there is no better answer: a code that `i18n` has a line for. */
  problem: string | null;
  /** Further words for the developer, such as a status or an errMsg. */
  detail: string | null;
  /** Sendings that failed for want of network, one after another. */
  attempts: number;
  nextAttempt: number;
  /** The grower asked for the relay's answer. */
  wanted: boolean;
}

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
  /** Keep small copies of taught photos, so that a new model can learn them anew. */
  keepTaught: boolean;
}

/** A class of the phone's own gallery. */
interface TaughtClass {
  id: string;
  label: string | null;
  photos: { key: string; picture: string | null }[];
}
