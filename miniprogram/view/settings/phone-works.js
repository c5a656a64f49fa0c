// @ts-check

/**
 * Whether this phone has run the model. Until then offline use is not promised: an old phone may not support it.
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
