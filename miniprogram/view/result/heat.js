// @ts-check
const { heatMapOverlay } = require("../picture/heat-map.js");
const { summary } = require("../history/history.js");

/**
 * The heat map of an answer. A single photo has one with its answer. Photos classified together have none; the phone can
 * classify each of them separately, possibly with another result, which is named.
 * @param {Scan} scan
 * @param {string[]} photos shown photos of the scan
 * @param {Prediction | null | undefined} seen the phone's answer for the chosen one of several photos; null while it runs
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
  // Only a thumbnail is left of removed photos.
  if (photos.length !== scan.count) return none;
  if (!seen) return { ...none, explainable: true, heatHint: t("result.heatWorking") };
  const { title: name } = summary({ ...scan, shown: { source: "phone", prediction: seen } }, context);
  if (!seen.heatmap || seen.verdict === "not_mango_leaf") {
    return { ...none, explainable: true, heatHint: t("result.heatNone", { name }) };
  }
  return { overlay: heatMapOverlay(seen.heatmap), explainable: true, heatHint: t("result.heatHintOne", { name }) };
}

module.exports = { heatOf };
