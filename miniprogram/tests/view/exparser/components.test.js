"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { APP, Stage } = require("./stage.js");
const zh = require("../../../i18n/zh.js");

// WeChat may run pages on exparser, its older component framework, although app.json asks for glass-easel.

const ROW = { id: "7", title: "炭疽病", latin: "Colletotrichum", percent: "96%", time: "12:00", part: "果实", photos: "3 张", choice: "你看是：回枯病", thumbnail: null, chip: { text: "手机", tone: "sure", glyph: "phone" } };
const CANKER = { id: "bacterial_canker", title: "细菌性黑斑病", picture: "/symptoms/bacterial_canker.svg", marks: ["黑斑有棱角", "外圈有黄晕"] };
const MIDGE = { id: "gall_midge", title: "叶瘿蚊", picture: "/symptoms/gall_midge.svg", marks: ["刮不下来"] };
const COMPARE = { title: "更像哪一种？", hint: "点哪一边", sides: [{ ...CANKER, marks: ["外圈有黄晕", "斑到叶脉为止"] }, MIDGE] };
const CARD = {
  phase: "answered", busy: null, chips: [{ text: "手机识别", tone: "sure", glyph: "phone" }, { text: "果实", tone: "plain", glyph: "fruit" }], lead: "最像", title: "炭疽病", latin: "Colletotrichum", second: "Anthracnose",
  guild: "leaf_fungi", confidence: { word: "很有把握", percent: "96%", value: 96, tone: "sure", label: "96%" }, caution: "请对照图鉴", notice: { text: "没有网络", tone: "unsure", detail: "why" },
  pooled: "3 张", othersTitle: "也可能是", others: [{ id: "die_back", title: "回枯病", latin: "", percent: "3%", value: 3, known: true }], orchard: null,
  todo: { title: "怎么办", steps: ["修剪", "清园"] },
  check: { title: "对照看看", symptom: CANKER, mistakenTitle: "容易认错成", mistaken: [MIDGE] },
  compare: COMPARE,
  choice: { id: "bacterial_canker", text: "你看是：细菌性黑斑病", note: "自己选的", open: "看症状和防治", undo: "撤销这一步" },
};
const SPRAY = {
  facts: [{ name: "数什么", text: "有新虫瘿的嫩梢" }], given: [{ question: "什么时候？", answer: "抽新梢" }],
  question: { title: "有多少？", choices: [{ id: "none", name: "一个也没有" }, { id: "some", name: "有一些" }] },
  outcome: { kind: "nothing", title: "现在不用管", tone: "sure", steps: ["不打药"] }, restart: "重新答",
};
const GROUPS = [{ id: "g", name: "真菌", rows: [{ id: "anthracnose", title: "炭疽病", latin: "Colletotrichum", guild: "leaf_fungi", picture: "/symptoms/anthracnose.svg", marks: "黑褐斑；连成片" }] }];

const STAGE = {
  id: "flowering", name: "开花", months: "11月–2月", isNow: true, now: "现在", open: true, look: "看花穗", grid: [{ month: 3, name: "3月", on: false }],
  groups: [{ id: "flowering", name: "重点看这些", rows: [{ id: "powdery_mildew", title: "白粉病", latin: "Pseudoidium", guild: "leaf_fungi", picture: "/symptoms/powdery_mildew.svg", marks: "白粉" }] }],
};

/** Every component: its properties, what it shows, and what a tap on what fires. @type {Record<string, { properties?: object, shows?: string[], taps?: [string, string, object?][] }>} */
const COMPONENTS = {
  "answer-card": { properties: { card: CARD }, shows: ["果实", "炭疽病", "很有把握", "修剪", "请对照图鉴", "why", "外圈有黄晕", "自己选的"], taps: [["回枯病", "open", { id: "die_back" }], ["看症状和防治", "open", { id: "bacterial_canker" }], ["撤销这一步", "undo"], ["斑到叶脉为止", "choose", { id: "bacterial_canker" }]] },
  "chip-tag": { properties: { text: "手机", tone: "sure", glyph: "phone" }, shows: ["手机"] },
  "choice-list": { properties: { choices: [{ id: "a", name: "自动", hint: "先用手机" }, { id: "b", name: "只用手机", hint: "" }], chosen: "a" }, shows: ["先用手机"], taps: [["只用手机", "choose", { id: "b" }]] },
  "class-picker": { properties: { groups: GROUPS, chosen: "" }, shows: ["真菌", "Colletotrichum", "连成片"], taps: [["炭疽病", "choose", { id: "anthracnose" }]] },
  "compare-pair": { properties: { compare: COMPARE, chosen: "" }, shows: ["更像哪一种？", "外圈有黄晕", "叶瘿蚊"], taps: [["外圈有黄晕", "choose", { id: "bacterial_canker" }], ["叶瘿蚊", "choose", { id: "gall_midge" }]] },
  "confidence-bar": { properties: { value: 40, tone: "sure" } },
  "consent-row": { properties: { on: false, title: "把照片发去", hint: "最多存 365 天" }, shows: ["把照片发去", "最多存 365 天"], taps: [["把照片发去", "toggle"]] },
  "empty-state": { properties: { glyph: "leaf", title: "还没有", text: "拍一片", action: "去拍" }, shows: ["还没有", "拍一片"], taps: [["去拍", "act"]] },
  "feedback-note": { properties: { note: { text: "照片没有发出去", tone: "unsure", glyph: "clock", actions: [{ id: "send", name: "再发一次" }, { id: "drop", name: "不发了" }] } }, shows: ["照片没有发出去"], taps: [["再发一次", "act", { id: "send" }], ["不发了", "act", { id: "drop" }]] },
  glyph: { properties: { name: "leaf" } },
  "guild-tile": { properties: { guild: "mites", large: true } },
  "leaf-photo": { properties: { src: "a.jpg", heatOn: "看依据", heatOff: "收起", explainable: true }, taps: [["看依据", "heat"]] },
  "mark-list": { properties: { symptom: CANKER }, shows: ["黑斑有棱角", "外圈有黄晕"] },
  "mistaken-list": { properties: { symptoms: [CANKER, MIDGE] }, shows: ["细菌性黑斑病", "刮不下来"], taps: [["叶瘿蚊", "open", { id: "gall_midge" }]] },
  "notice-line": { properties: { text: "没有网络", tone: "alarm", detail: "why", action: "再试" }, shows: ["没有网络", "why"], taps: [["再试", "act"]] },
  "person-sheet": { properties: { open: true, picture: "p.jpg", problem: "", t: zh }, shows: [zh.person.title, zh.person.contains], taps: [[zh.person.send, "agree"], [zh.person.keep, "refuse"]] },
  "photo-strip": { properties: { photos: ["a.jpg", "b.jpg"], editable: true, max: 6, addLabel: "再加一张", photoLabels: ["1", "2"], removeLabels: ["x", "y"] }, taps: [["再加一张", "add"]] },
  "privacy-sheet": {},
  "scan-row": { properties: { row: ROW, removeLabel: "删除" }, shows: ["炭疽病", "你看是：回枯病", "· 果实· 3 张"], taps: [["炭疽病", "open", { id: "7" }]] },
  "search-field": { properties: { text: "黑斑", hint: "搜", clearLabel: "清空" } },
  skeleton: { properties: { rows: 3 } },
  "spray-advice": { properties: { advice: SPRAY }, shows: ["有新虫瘿的嫩梢", "抽新梢", "现在不用管", "不打药"], taps: [["有一些", "answer", { id: "some" }], ["重新答", "restart"]] },
  "stage-card": { properties: { stage: STAGE, gridLabel: "改月份" }, shows: ["11月–2月", "现在", "看花穗", "白粉病"], taps: [["3月", "month", { id: "flowering", month: 3 }], ["白粉病", "open", { id: "powdery_mildew" }], ["11月–2月", "toggle", { id: "flowering", open: false }]] },
  "step-list": { properties: { steps: ["修剪", "清园"] }, shows: ["1修剪", "2清园"] },
};

/** @type {any} */ (globalThis).wx = { getAccountInfoSync: () => ({ miniProgram: { envVersion: "develop" } }) };
/** @type {any} */ (globalThis).getApp = () => ({ services: { privacy: { onNeeded: () => () => {} } } });

test("every component is here", () => {
  assert.deepEqual(Object.keys(COMPONENTS).sort(), fs.readdirSync(path.join(APP, "components")).sort());
});

for (const [name, { properties, shows = [], taps = [] }] of Object.entries(COMPONENTS)) {
  test(`${name} on exparser`, async () => {
    const stage = new Stage(`components/${name}/${name}`, properties);
    for (const text of shows) assert.ok(stage.text().includes(text), `${text}: ${stage.text()}`);
    assert.doesNotMatch(stage.text(), /&\w+;|undefined|null|\[object/);
    for (const [target, event, detail] of taps) {
      /** @type {object[]} */
      const fired = [];
      stage.root.addEventListener(event, (/** @type {any} */ { detail: given }) => fired.push(given));
      await stage.tap(target);
      assert.deepEqual(fired, [detail], `${event} after a tap on ${target}`);
    }
    stage.close();
  });
}
