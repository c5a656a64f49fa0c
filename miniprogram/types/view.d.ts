/** Data for templates, made by `view/`. */

type Tone = "sure" | "unsure" | "plain" | "relay" | "alarm";

interface Chip { text: string; tone: Tone; glyph: string; }

interface Notice { text: string; tone: Tone; detail: string | null; }

interface Naming {
  title: string;
  latin: string;
  /** The name in the other language. */
  second: string;
  guild: string | null;
  /** Whether the guide has a page for it. */
  known: boolean;
}

/** The subject of an answer and its probability. */
interface Subject {
  about: "class" | "guild" | "symptom" | "no_symptom" | "nothing";
  title: string;
  latin: string;
  /** The name in the other language. */
  second: string;
  classId: string | null;
  guild: string | null;
  probability: number | null;
}

interface Candidate { id: string; title: string; latin: string; percent: string; value: number; known: boolean; }

/** How to recognise a class by eye. */
interface Symptom { id: string; title: string; picture: string; marks: string[]; }

/** The likeliest classes of an unsure answer, side by side. */
interface Comparison { title: string; hint: string; sides: Symptom[]; }

/** Whether to spray: the threshold, the next question, or what the answers lead to. */
interface SprayAdvice {
  facts: { name: string; text: string }[];
  /** The given answers, as text. */
  given: { question: string; answer: string }[];
  /** Which of the answers is asked for. */
  asks: string | null;
  question: { title: string; choices: { id: string; name: string }[] } | null;
  outcome: { kind: Remedy; title: string; tone: Tone; steps: string[] } | null;
  restart: string;
}

type Remedy = "nothing" | "look_again" | "cultural" | "biological" | "product";

/** The grower's choice; not an answer of the model. */
interface Choice { id: string; text: string; note: string; open: string; undo: string; }

interface Card {
  phase: "working" | "waiting" | "stuck" | "answered" | "refused";
  /** Current activity, as text. */
  busy: string | null;
  chips: Chip[];
  /** Qualifies the title of an unsure answer. */
  lead: string | null;
  title: string;
  latin: string;
  second: string;
  classId: string | null;
  guild: string | null;
  confidence: { word: string; percent: string; value: number; tone: Tone; label: string } | null;
  /** Caveat about the answer. */
  caution: string | null;
  /** How to check a sure answer. */
  check: { title: string; symptom: Symptom; mistakenTitle: string; mistaken: Symptom[] } | null;
  compare: Comparison | null;
  choice: Choice | null;
  othersTitle: string;
  others: Candidate[];
  orchard: { id: string; text: string } | null;
  todo: { title: string; steps: string[] } | null;
  notice: Notice | null;
  pooled: string | null;
  /** What to do first. */
  main: "detail" | "retry" | "again" | null;
  can: { detail: boolean; ask: boolean; stop: boolean; retry: boolean; correct: boolean; person: boolean; share: boolean };
  askLabel: string;
}

/** What view models need besides the data. */
interface ViewContext {
  language: "zh" | "en";
  t(key: string, params?: Record<string, string | number>): string;
  lines(key: string): string[];
  catalog: GuideCatalog;
  /** Classes that the grower taught, for their own names. */
  taught: { id: string; label: string | null }[];
  /** Whether a relay address is set. */
  hasRelay: boolean;
}

interface GuideClass {
  id: string;
  /** `disease`, `pest` or `healthy`. */
  kind: string;
  /** The part of the tree with its symptoms; absent for pests. */
  part?: "leaf" | "fruit";
  guild: string | null;
  names: { zh: string; en: string; latin?: string };
  symptoms: { zh: string; en: string };
  /** What to check by eye, two or three lines. */
  marks: { zh: string[]; en: string[] };
  /** Ids of classes that it is easily mistaken for. */
  mistaken_for: string[];
  /** Action threshold; absent for healthy leaves and fruit. */
  threshold?: Threshold;
  advice: { zh: string[]; en: string[] };
}

type GrowthStage = "flush" | "flowering" | "fruiting" | "rest";

interface Threshold {
  of: "shoots" | "leaves" | "panicles" | "fruits";
  sample: number;
  /** Stages at which a product can prevent damage. */
  stages: GrowthStage[];
  look_again_days: number;
  /** Row of models/README.md; null where no published threshold is known. */
  source: string | null;
  count: { zh: string; en: string };
  act_when: { zh: string; en: string };
}

interface GuideGuild {
  id: string;
  names: { zh: string; en: string };
  /** How to support natural enemies, if there are any. */
  biological?: { zh: string; en: string };
  advice: { zh: string[]; en: string[] };
}

interface GuideCatalog {
  find(id: string): GuideClass | null;
  guild(id: string): GuideGuild | null;
  search(text: string): GuideClass[];
}
