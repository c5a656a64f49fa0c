/**
 * Runs in JavaScriptCore's shell `jsc`, which has files and a clock, and no other API of a phone or a browser:
 * `jsc [OPTIONS] measure.js -- JOB`, where JOB is a file with
 * `{ script, modules, model: { manifest, weights, gallery, catalog }, photos, rounds }`, all of them files.
 *
 * Loads the WeChat package's script like a worker of the mini-program, starts the first module that is not refused, and
 * classifies the photos. Prints `{ module, refused, start, photos: [{ answer, first, steady }] }`; times are wall-clock
 * milliseconds, `steady` is the fastest of the rounds.
 */
"use strict";
const [jobFile] = arguments;
const job = JSON.parse(read(jobFile));
const bytes = (path) => readFile(path, "binary");

globalThis.WXWebAssembly = {
  async instantiate(path, imports) {
    return { instance: new WebAssembly.Instance(new WebAssembly.Module(bytes(path)), imports) };
  },
};

function loaded(script) {
  const module = { exports: {} };
  new Function("module", "exports", read(script))(module, module.exports);
  return module.exports;
}

function timed(action) {
  const before = preciseTime();
  const result = action();
  return [result, (preciseTime() - before) * 1000];
}

async function main() {
  const { Scout, init } = loaded(job.script);
  const refused = [];
  const before = preciseTime();
  let module;
  for (const candidate of job.modules) {
    try {
      await init(candidate);
      module = candidate;
      break;
    } catch (error) {
      refused.push(error.code);
    }
  }
  const { manifest, weights, gallery, catalog } = job.model;
  const scout = new Scout(bytes(manifest), bytes(weights), bytes(gallery));
  scout.useCatalog(bytes(catalog));
  const start = (preciseTime() - before) * 1000;
  const photos = job.photos.map((photo) => {
    const file = bytes(photo);
    const [answer, first] = timed(() => scout.predict(file));
    const later = Array.from({ length: job.rounds }, () => timed(() => scout.predict(file))[1]);
    return { answer, first, steady: later.length > 0 ? Math.min(...later) : null };
  });
  print(JSON.stringify({ module, refused, start, photos }));
}

main().catch((error) => {
  print(`failed: ${error.code} ${error.message}`);
  quit(1);
});
