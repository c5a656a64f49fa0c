// @ts-check

/** Tolerance between two machines. */
const TOLERANCE = 0.001;

/** Classes with closer probabilities may swap ranks. */
const APART = 2 * TOLERANCE;

/**
 * Describes how the model's answer differs from the relay's, or null.
 * @param {{ verdict: string, classes: { id: string, probability: number }[] }} expected
 * @param {{ verdict: string, classes: { id: string, probability: number }[] }} found
 * @returns {string | null}
 */
function difference(expected, found) {
  if (found.verdict !== expected.verdict) return `the verdict is ${found.verdict}, not ${expected.verdict}`;
  const probabilities = new Map(found.classes.map(({ id, probability }) => [id, probability]));
  if (probabilities.size !== expected.classes.length) return `it ranks ${probabilities.size} classes`;
  for (const { id, probability } of expected.classes) {
    const here = probabilities.get(id);
    // Written so that NaN counts as a difference.
    if (here === undefined || !(Math.abs(here - probability) <= TOLERANCE)) return `${id} is ${here}, not ${probability}`;
  }
  const places = new Map(found.classes.map(({ id }, place) => [id, place]));
  for (let place = 1; place < expected.classes.length; place += 1) {
    const [before, after] = [expected.classes[place - 1], expected.classes[place]];
    if (before.probability - after.probability <= APART) continue;
    if (Number(places.get(before.id)) > Number(places.get(after.id))) return `${after.id} comes before ${before.id}`;
  }
  return null;
}

module.exports = { difference };
