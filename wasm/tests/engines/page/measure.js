/**
 * Measures the npm package's answers and times, in a page, in a worker or in Node.
 *
 * @param {() => Promise<any>} load the package's `load`
 * @param {(file: string) => Promise<Uint8Array>} read
 * @param {{ all: string[], timed: string[], rounds: number }} job files of all photos and of the timed ones; the first timed
 *   photo is the first prediction
 * @returns {Promise<{ start: number, first: number, steady: number[], explained: object, answers: object[] }>} wall-clock milliseconds;
 *   `steady` is the fastest of the rounds
 */
export async function measure(load, read, { all, timed, rounds }) {
  const photos = new Map();
  for (const file of new Set([...all, ...timed])) photos.set(file, await read(file));
  const time = (action) => {
    const before = performance.now();
    const result = action();
    return [performance.now() - before, result];
  };
  const before = performance.now();
  const scout = await load();
  const start = performance.now() - before;
  const [first, explained] = time(() => scout.predict(photos.get(timed[0]), { explain: true }));
  const answers = all.map((file) => scout.predict(photos.get(file)));
  const steady = timed.map((file) => Math.min(...Array.from({ length: rounds }, () => time(() => scout.predict(photos.get(file)))[0])));
  return { start, first, steady, explained, answers };
}
