/** A text in Chinese and in English. @typedef {[string, string]} Both */

/** The texts of the verdicts. @type {Record<string, Both>} */
const VERDICTS = {
  confident: ["比较有把握", "Fairly sure"],
  unsure: ["不太确定，最像的是", "Not sure; most like"],
  not_mango_leaf: ["不像芒果叶", "Not like a mango leaf"],
};

/** The verdict of a model that knows fruit on a photo of something else. @type {Both} */
const NO_LEAF_OR_FRUIT = ["不像芒果叶或果实", "Not like a mango leaf or fruit"];

/** @type {Record<string, Both>} */
const PARTS = { leaf: ["叶片", "Leaf"], fruit: ["果实", "Fruit"] };

/** The heading of a certain symptom with an uncertain class. @type {Both} */
const SURE_IS = ["可以确定的是", "What is sure"];
/** @type {Both} */
const ILL = ["有症状，是哪一种还不确定", "Some symptom, which one is not sure"];
/** @type {Both} */
const LOOKS_HEALTHY = ["看起来健康", "Looks healthy"];
/** @type {Both} */
const VERY_SURE = ["很有把握", "Very sure"];
/** @type {Both} */
const FAIRLY_SURE = ["比较有把握", "Fairly sure"];

/** Hints for verdicts that are not confident. @type {Record<string, Both>} */
const HINTS = {
  unsure: ["再拍两三片有同样症状的叶，一起识别。", "Take two or three more leaves with the same signs, and send them together."],
  unsure_fruit: ["再拍两三个有同样症状的果，一起识别。", "Take two or three more fruits with the same signs, and send them together."],
  not_mango_leaf: ["靠近拍，占满画面，对好焦，在阴凉处拍。", "Close up, filling the view, in focus and in shade."],
};

/** Texts of problems, by the last part of the type URI. @type {Record<string, Both>} */
const PROBLEMS = {
  "bad-multipart": ["照片没有传完整，请再试一次", "The photos did not arrive whole; try again"],
  "body-too-large": ["照片太大，请用较小的照片", "The photos are too large; use smaller ones"],
  internal: ["联网识别出了问题，请稍后再试", "Online identification has a fault; try again later"],
  "not-a-photo": ["这不是 JPEG、PNG 或 WebP 照片，请换一张", "Not a JPEG, PNG or WebP photo; choose another"],
  overloaded: ["联网识别的人太多，请过几秒再试", "Online identification is busy; try again in a few seconds"],
  "photo-cut-off": ["照片不完整，请重新拍", "The photo is incomplete; take it again"],
  "photo-damaged": ["照片损坏，请重新拍", "The photo is damaged; take it again"],
  "photo-empty": ["照片是空的，请重新选", "The photo is empty; choose it again"],
  "photo-too-large": ["照片像素太多，请用较小的照片", "The photo has too many pixels; use a smaller one"],
  "prediction-failed": ["模型没算出来，请再试一次", "The model failed; try again"],
  "rate-limited": ["发得太快了，请过一会儿再试", "Too many requests; wait a while"],
  stopping: ["联网识别正在重启，请过几秒再试", "Online identification is being restarted; try again in a few seconds"],
  "timed-out": ["等得太久，已停下；请再试一次", "It took too long and was stopped; try again"],
  "too-many-photos": ["照片太多，请少选几张", "Too many photos; choose fewer"],
};

/** The message for too many photos. @param {number} most @returns {Both} */
const tooMany = (most) => [`一次最多 ${most} 张照片`, most === 1 ? "At most 1 photo at once" : `At most ${most} photos at once`];

/** @type {Both} */
const UNREACHABLE = ["联网识别连不上，请看看网络，稍后再试", "Online identification cannot be reached; check the network and try again"];
/** @type {Both} */
const NOT_UNDERSTOOD = ["联网识别的回答看不懂，请稍后再试", "The answer is not understood; try again later"];
/** @type {Both} */
const CANNOT_SHOW = ["这张照片这里显示不了，请换一张", "This photo cannot be shown here; choose another"];
/** @param {number} photos @returns {Both} */
const waitingFor = (photos) => (photos === 1 ? ["识别中…", "Identifying…"] : [`正在看这 ${photos} 张…`, `Looking at these ${photos} photos…`]);
/** @param {Both} names @returns {Both} */
const mostLike = ([zh, en]) => [`最像${zh}`, en && `Most like: ${en}`];
/** The alternative text of the drawing of a symptom. @param {Both} names @returns {Both} */
const drawingOf = ([zh, en]) => [`${zh}的样子`, `drawing of ${en}`];
/** @type {Both} */
const TOGETHER = ["这些照片合起来看", "All photos together"];
/** @type {Both} */
const SYMPTOMS = ["症状", "Symptoms"];
/** @type {Both} */
const ADVICE = ["怎么办", "What to do"];
/** @type {Both} */
const REMOVE = ["移除", "Remove"];

/** Why there is no photo from the camera, by the name of the browser's error. @type {Record<string, Both>} */
const CAMERA_ERRORS = {
  NotAllowedError: ["浏览器没有让这个网页用相机；在地址栏旁边改成允许，再试一次，或直接选照片", "The browser does not let this page use the camera; allow it beside the address bar and try again, or choose photos"],
  NotFoundError: ["没有找到相机，请直接选照片", "No camera was found; choose photos instead"],
  NotReadableError: ["相机打不开，可能别的程序正在用；关掉它再试，或直接选照片", "The camera does not open, perhaps because another program uses it; close that and try again, or choose photos"],
};
/** @type {Both} */
const CAMERA_FAILED = ["相机没有打开，请直接选照片", "The camera did not open; choose photos instead"];
/** @type {Both} */
const CAMERA_NEEDS_HTTPS = ["这里用不了相机：网页要用 https:// 打开，浏览器也要够新。请直接选照片", "No camera here: open this page by https:// in a recent browser, or choose photos"];
/** @param {number} photos @returns {Both} */
const taken = (photos) => [`已拍 ${photos} 张`, photos === 1 ? "1 photo taken" : `${photos} photos taken`];
