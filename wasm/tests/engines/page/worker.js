import { run } from "./run.js";

onmessage = ({ data: job }) =>
  run(job).then(
    (result) => postMessage({ result }),
    (error) => postMessage({ error: String(error.stack || error) }),
  );
