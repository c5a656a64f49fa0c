// @ts-check

/** @typedef {{ name(id: string, language: string): string | null | undefined }} Names */

const COLUMNS = [
  "时间 time",
  "状态 state",
  "来源 source",
  "结论 verdict",
  "类别 class",
  "名称 name",
  "概率 probability",
  "照片数 photos",
  "模型 model",
  "问题 problem",
];

/**
 * The scans as a table that spreadsheets open: with a byte order mark, without which Excel garbles Chinese.
 * @param {Scan[]} scans
 * @param {Names} names
 */
function csv(scans, names) {
  const rows = [COLUMNS, ...scans.map((scan) => row(scan, names))];
  return `\ufeff${rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;
}

/**
 * @param {Scan} scan
 * @param {Names} names
 * @returns {string[]}
 */
function row(scan, names) {
  const { shown } = scan;
  const head = [localTime(scan.takenAt), scan.state];
  const tail = [String(scan.count)];
  const problem = scan.problem || "";
  if (!shown) return [...head, "", "", "", "", "", ...tail, "", problem];
  const { model, verdict, classes } = shown.prediction;
  const [{ id, probability }] = classes;
  const answer = [shown.source, verdict, id, names.name(id, "zh") || "", probability.toFixed(3)];
  return [...head, ...answer, ...tail, `${model.name} ${model.version}`, problem];
}

/** @param {string} text */
function cell(text) {
  // A label that begins like a formula would be run as one.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}

/**
 * As spreadsheets read it; growers think in their own time.
 * @param {number} moment
 */
function localTime(moment) {
  const date = new Date(moment);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

module.exports = { csv };
