/** The answer that phone and relay give alike: see wasm/npm/index.d.ts. */
interface Prediction {
  model: { name: string; version: string };
  verdict: "confident" | "unsure" | "not_mango_leaf";
  out_of_domain?: number;
  classes: RankedClass[];
  guild?: { id: string; probability: number };
  part?: "leaf" | "fruit";
  symptom?: { probability: number; certain: boolean };
  heatmap?: HeatMap;
}

interface RankedClass {
  id: string;
  probability: number;
  basis: "trained" | "few_photos";
  photos?: number;
}

interface HeatMap {
  width: number;
  height: number;
  values: number[];
  view: { left: number; top: number; width: number; height: number };
}

/** What is shown of what phone and relay say: `Prediction::reconcile` of the crate `inference` decides. */
interface Shown {
  source: "phone" | "relay";
  prediction: Prediction;
  /** A class of 'my orchard' that stands beside the relay's answer. */
  orchard?: RankedClass | null;
}
