"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { prepare } = require("./world");

const { identify, leaf, onPage, origin, picturesOf, predicted, saidTo } = prepare();

const SURE = predicted("confident", [["anthracnose", 0.94], ["bacterial_canker", 0.03]], { part: "leaf" });
const UNSURE = predicted("unsure", [["gall_midge", 0.42], ["procontarinia_matteiana", 0.3], ["anthracnose", 0.1]]);

test("a photo without a leaf is reported", async () => {
  await onPage({}, async (page) => {
    const text = await saidTo(page, predicted("not_mango_leaf", [["healthy", 0.9]]));
    assert.ok(text.includes("不像芒果叶") && !text.includes("怎么办") && !text.includes("要不要打药"), text);
  });
});

test("the part of the tree is shown, and the symptom if only that is certain", async () => {
  await onPage({}, async (page) => {
    const ill = [["fruit_alternaria", 0.4], ["fruit_healthy", 0.3]];
    const symptom = await saidTo(page, predicted("unsure", ill, { part: "fruit", symptom: { probability: 0.96, certain: true } }));
    for (const words of ["果实 Fruit", "有症状，是哪一种还不确定", "很有把握，96 %", "再拍两三个"]) assert.ok(symptom.includes(words), symptom);
    assert.ok(!symptom.includes("不太确定，最像的是") && !symptom.includes("怎么办"), symptom);
    const healthy = await saidTo(page, predicted("unsure", [["healthy", 0.6]], { part: "leaf", symptom: { probability: 0.15, certain: true } }));
    for (const words of ["叶片 Leaf", "看起来健康", "Fairly sure, 85 %", "不打“保险药”"]) assert.ok(healthy.includes(words), healthy);
    const pest = [["ceroplastes_rubens", 0.4], ["healthy", 0.3]];
    const unlike = await saidTo(page, predicted("unsure", pest, { symptom: { probability: 0.15, certain: true } }));
    assert.ok(unlike.includes("不太确定，最像的是") && !unlike.includes("看起来健康"), unlike);
    const other = await saidTo(page, predicted("not_mango_leaf", [["healthy", 0.5], ["fruit_healthy", 0.2]]));
    assert.ok(other.includes("不像芒果叶或果实"), other);
  });
});

test("a class that is not in the catalog is shown by its id, and is compared with nothing", async () => {
  await onPage({}, async (page) => {
    await saidTo(page, predicted("confident", [["my_thrips", 0.9]]));
    assert.match(await page.innerText("#answer h2"), /^my_thrips/);
    await saidTo(page, predicted("unsure", [["my_thrips", 0.4], ["gall_midge", 0.3], ["anthracnose", 0.2]]));
    assert.equal(await page.locator("#answer img, #answer input").count(), 0);
  });
});

test("a confident answer has its drawing, its marks and what it is mistaken for", async () => {
  await onPage({}, async (page, world) => {
    const { classes } = await (await world.request.get(`${origin()}/v1/catalog`)).json();
    const entry = classes.find(({ id }) => id === "anthracnose");
    const text = await saidTo(page, SURE);
    for (const words of [...entry.marks.zh, ...entry.marks.en, "容易认错成", "Easily mistaken for"]) assert.ok(text.includes(words), words);
    const drawing = page.getByRole("img", { name: "炭疽病的样子 drawing of Anthracnose" });
    assert.ok(await drawing.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
    const others = page.locator("#answer details");
    assert.equal(await others.count(), entry.mistaken_for.length);
    const other = classes.find(({ id }) => id === entry.mistaken_for[0]);
    assert.equal(await others.first().getByText(other.symptoms.en).isVisible(), false);
    await others.first().locator("summary").press("Enter");
    assert.equal(await others.first().getByText(other.symptoms.en).isVisible(), true);
    await picturesOf(page, "confident");
  });
});

test("every class of the catalog has a drawing that the browser can show", async () => {
  await onPage({}, async (page, world) => {
    const { classes } = await (await world.request.get(`${origin()}/v1/catalog`)).json();
    for (const { id } of classes) {
      await saidTo(page, predicted("confident", [[id, 0.9]]));
      assert.ok(await page.locator("#answer .symptom img").evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), id);
    }
  });
});

test("of an unsure answer the visitor says which of two it is, and takes it back", async () => {
  await onPage({}, async (page) => {
    const before = await saidTo(page, UNSURE);
    for (const words of ["更像哪一种？", "Which of the two is it?"]) assert.ok(before.includes(words), words);
    assert.ok(!before.includes("要不要打药"), "no spraying against a class that is not sure");
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    const sides = page.getByRole("radio");
    assert.equal(await sides.count(), 2);
    await sides.first().focus();
    await page.keyboard.press("ArrowDown");
    const chosen = await page.innerText("#answer");
    for (const words of ["你看是：瘤状叶瘿蚊", "这是你自己选的，识别结果不变", "要不要打药？"]) assert.ok(chosen.includes(words), words);
    assert.match(await page.innerText("#answer h2"), /瘿蚊/);
    await picturesOf(page, "chosen");
    await page.getByRole("button", { name: "撤销这一步" }).click();
    assert.equal(await page.innerText("#answer"), before);
    assert.ok(await sides.first().evaluate((input) => input === document.activeElement && !input.checked));
    assert.deepEqual(requests.filter((url) => !url.startsWith("data:")), [], "the choice stays on the page");
  });
});

test("two or three taps say whether to spray, by keyboard too", async () => {
  await onPage({}, async (page) => {
    await saidTo(page, SURE);
    const spray = page.locator(".spray");
    const press = async (name) => {
      await spray.getByRole("button", { name }).press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H4", "the focus is on what comes next");
    };
    for (const words of ["看 20 个梢", "Look at 20 shoots", "没有查到公布的防治指标"]) assert.ok((await spray.innerText()).includes(words), words);
    await press("开花 Flowering");
    await press(/^有，还不到/);
    assert.match(await spray.innerText(), /先不打药，\d+月\d+日再看/);
    await press("重新答");
    await press("开花 Flowering");
    await press(/^到了：/);
    await press(/^能做的都做了/);
    const text = await spray.innerText();
    for (const words of ["可以用登记在芒果上的药剂", "A product registered for mango may be used", "保护授粉昆虫", "protect pollinators"]) assert.ok(text.includes(words), words);
    await picturesOf(page, "spray");
  });
});

test("of several photos each has its own answer", async () => {
  await onPage({}, async (page) => {
    await saidTo(page, SURE, [SURE, UNSURE, predicted("not_mango_leaf", [["healthy", 0.9]])]);
    const own = await page.locator("#photos .own").allInnerTexts();
    assert.deepEqual(own.map((text) => text.replace(/\s+/g, " ")), ["炭疽病，94 % Anthracnose", "最像叶瘿蚊，42 % Most like: Gall midge", "不像芒果叶 Not like a mango leaf"]);
    await picturesOf(page, "several");
    await identify(page, leaf(9));
    assert.ok((await page.locator("#photos .own").count()) > 0);
    await page.locator("#photos button").first().click();
    assert.equal(await page.locator("#photos .own").count(), 0);
  });
});

test("the answer is announced, and large text fits a narrow screen", async () => {
  await onPage({ viewport: { width: 360, height: 740 } }, async (page) => {
    for (const [name, answer] of [["sure", SURE], ["unsure", UNSURE]]) {
      await saidTo(page, answer);
      await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      await picturesOf(page, `large-${name}`);
      await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
      await picturesOf(page, `narrow-${name}`);
    }
    assert.match(await page.getByRole("status").filter({ hasText: "最像的是" }).innerText(), /瘿蚊/);
  });
});
