// @ts-check
const { heatMapOverlay } = require("../picture/heat-map.js");
const { summary } = require("../history/history.js");

/**
 * Where the answer was seen. A photo that stands for itself has a heat map with its answer. Photos that were judged together
 * have none; of each the phone can say what it sees there, which may be something else, and is named.
 * @param {Scan} scan
 * @param {string[]} photos those that are shown of it
 * @param {Prediction | null | undefined} seen by the phone in the chosen one of several; null while it looks
 * @param {ViewContext} context
 * @returns {{ overlay: ReturnType<typeof heatMapOverlay> | null, explainable: boolean, heatHint: string }}
 */
function heatOf(scan, photos, seen, context) {
  const { t } = context;
  const none = { overlay: null, explainable: false, heatHint: "" };
  const { shown } = scan;
  if (!shown || shown.prediction.verdict === "not_mango_leaf") return none;
  if (scan.count === 1) {
    const map = shown.prediction.heatmap;
    return map && photos.length ? { ...none, overlay: heatMapOverlay(map), heatHint: t("result.heatHint") } : none;
  }
  // Of photos that were let go there is but a thumbnail.
  if (photos.length !== scan.count) return none;
  if (!seen) return { ...none, explainable: true, heatHint: t("result.heatWorking") };
  const { title: name } = summary({ ...scan, shown: { source: "phone", prediction: seen } }, context);
  if (!seen.heatmap || seen.verdict === "not_mango_leaf") {
    return { ...none, explainable: true, heatHint: t("result.heatNone", { name }) };
  }
  return { overlay: heatMapOverlay(seen.heatmap), explainable: true, heatHint: t("result.heatHintOne", { name }) };
}

module.exports = { heatOf };
