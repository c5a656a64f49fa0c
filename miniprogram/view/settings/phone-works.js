// @ts-check

/**
 * Whether this phone has identified a photo by itself. Until then nothing is promised: an old phone may not run the model.
 * @param {{ status: string }} model
 * @param {Scan[]} scans newest first
 */
function phoneWorks({ status }, scans) {
  if (status === "ready") return true;
  if (status === "failed") return false;
  const asked = scans.find(({ phone, phoneProblem }) => phone !== null || phoneProblem !== null);
  return asked !== undefined && asked.phone !== null;
}

module.exports = { phoneWorks };
