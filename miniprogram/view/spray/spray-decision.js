// @ts-check

/** @typedef {{ stage?: string, amount?: string, done?: string }} SprayAnswers in the order in which they are asked for */
/** @typedef {{ ask: keyof SprayAnswers, choices: string[] } | { remedy: Remedy }} SprayStep */

/** Fruit that was picked is in store; a tree without flush, flowers and fruit is at rest. */
const STAGES = { tree: ["flush", "flowering", "fruiting", "rest"], fruit: ["flowering", "fruiting", "stored"] };

/**
 * The next question about a class, or the outcome of the answers. A product is the last resort: only at a stage at which it
 * can prevent damage, at or above the threshold, and after the measures without one.
 * @param {GuideClass} entry
 * @param {boolean} hasEnemies whether natural enemies can help
 * @param {SprayAnswers} answers
 * @returns {SprayStep}
 */
function sprayStep({ threshold, part }, hasEnemies, { stage, amount, done }) {
  if (!threshold) return { remedy: "nothing" };
  if (!stage) return { ask: "stage", choices: STAGES[part === "fruit" ? "fruit" : "tree"] };
  if (!amount) return { ask: "amount", choices: ["none", "some", "reached"] };
  if (amount === "none") return { remedy: "nothing" };
  if (amount === "some") return { remedy: "look_again" };
  if (!threshold.stages.some((one) => one === stage)) return { remedy: "cultural" };
  if (!done) return { ask: "done", choices: hasEnemies ? ["not_yet", "by_hand", "all"] : ["not_yet", "all"] };
  if (done === "not_yet") return { remedy: "cultural" };
  return { remedy: done === "by_hand" ? "biological" : "product" };
}

module.exports = { sprayStep };
