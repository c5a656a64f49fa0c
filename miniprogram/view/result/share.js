// @ts-check
const { summary } = require("../history/history.js");
const { percent } = require("../text/percent.js");

/** Without it WeChat takes a picture of the screen, and with that the grower's photo. */
const PICTURE = "/icons/share.png";

/**
 * The shared message: the answer as text with a link to the guide, never the photo.
 * @param {Scan | null} scan
 * @param {ViewContext["t"]} t
 * @param {ViewContext | null} context null before the catalog is loaded
 */
function shareMessage(scan, t, context) {
  const plain = { title: t("result.shareTitlePlain"), path: "/pages/scan/scan", imageUrl: PICTURE };
  if (!context || !scan || !scan.shown || scan.shown.prediction.verdict === "not_mango_leaf") return plain;
  const { about, title: name, probability } = summary(scan, context);
  const { classes: [first], part } = scan.shown.prediction;
  // Names typed by the grower are private, and WeChat's reviewers refuse users' text in titles.
  if (probability === null || !first || !context.catalog.find(first.id)) return plain;
  return {
    title: context.t(part === "fruit" ? "result.shareTitleFruit" : "result.shareTitle", { name, percent: percent(probability) }),
    path: about === "symptom" || about === "no_symptom" ? "/pages/guide/guide" : `/pages/detail/detail?id=${first.id}`,
    imageUrl: PICTURE,
  };
}

module.exports = { shareMessage };
