"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { after, before, test } = require("node:test");

const { picture } = require("../../../miniprogram/tests/model/world/picture");
const { launch } = require("../../../miniprogram/tests/browser/world/chromium");
const { Relay } = require("../../../miniprogram/tests/browser/world/relay");

const HOST = "relay.mango.test";
/** Timeout of a prediction on a busy machine, ms. */
const TIMEOUT = 60_000;
/** Drawn leaves to search for suitable ones. */
const DRAWN = 24;

let browser;
const relay = new Relay();

before(async () => {
  [browser] = await Promise.all([launch(), relay.start()]);
});

after(async () => {
  await browser?.close();
  await relay.close();
});

const origin = () => `https://127.0.0.1:${relay.hosts[HOST].split(":")[1]}`;
const leaf = (number) => ({ name: `leaf-${number}.png`, mimeType: "image/png", buffer: picture(number) });

/**
 * Opens the page, runs `use` on it, and checks that there is no error and no request to another server. Chromium
 * reports violations of a page's policy as errors.
 */
async function onPage(options, use) {
  const { expected = [], ...context } = options;
  const world = await browser.newContext({ ignoreHTTPSErrors: true, locale: "zh-CN", ...context });
  try {
    const page = await world.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${origin()}/`)) faults.push(request.url());
    });
    page.setDefaultTimeout(TIMEOUT);
    const answer = await page.goto(`${origin()}/`);
    assert.equal(answer.headers()["content-type"], "text/html; charset=utf-8");
    await use(page, world, faults);
    const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
    assert.deepEqual(unexpected, []);
  } finally {
    await world.close();
  }
}

/** Photos with that verdict: the model's verdict on a drawn leaf is not known in advance. */
async function drawn(world, wanted, count) {
  const found = [];
  for (let number = 0; number < DRAWN && found.length < count; number += 1) {
    const answer = await world.request.post(`${origin()}/upload_image`, { multipart: { picture: leaf(number) } });
    if (wanted((await answer.json()).verdict)) found.push(leaf(number));
  }
  assert.equal(found.length, count, `of ${DRAWN} drawn leaves ${found.length} will do; draw more`);
  return found;
}

const isLeaf = (verdict) => verdict !== "not_mango_leaf";

/** Chooses photos, sends them, and returns the relay's response. */
async function identify(page, photos) {
  await page.setInputFiles("#files", photos);
  const [answer] = await Promise.all([page.waitForResponse(/predict/), page.click("#ask")]);
  const json = await answer.json();
  await page.locator(answer.ok() ? "#answer" : "#trouble").waitFor();
  return json;
}

async function picturesOf(page, name) {
  if (!process.env.MANGO_SHOTS) return;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(process.env.MANGO_SHOTS, `${name}-${colorScheme}.png`), fullPage: true });
  }
}

test("a photo is chosen, answered in both languages, and covered by its heat map", async () => {
  await onPage({}, async (page, world) => {
    assert.equal(await page.isDisabled("#ask"), true);
    const { pooled, photos } = await identify(page, await drawn(world, isLeaf, 1));
    const catalog = await (await world.request.get(`${origin()}/v1/catalog`)).json();
    const group = pooled.guild && catalog.guilds.find(({ id }) => id === pooled.guild.id);
    const named = group ?? catalog.classes.find(({ id }) => id === pooled.classes[0].id);
    const text = await page.innerText("#answer");
    // If only the symptom is certain, there is no advice for a class.
    const symptomAlone = !group && pooled.verdict === "unsure" && pooled.symptom?.certain;
    const advice = symptomAlone ? [] : [named.advice.zh[0], named.advice.en[0]];
    for (const words of [named.names.zh, named.names.en, ...advice]) assert.ok(text.includes(words), words);
    const shown = pooled.classes.slice(0, 5).filter(({ probability }, place) => place === 0 || probability >= 0.01);
    assert.equal(await page.locator("#answer .bar").count(), shown.length);
    const full = (await page.locator("#answer .bar").first().boundingBox()).width;
    const filled = (await page.locator("#answer .bar div").first().boundingBox()).width;
    assert.ok(Math.abs(filled / full - shown[0].probability) < 0.01, `${filled} of ${full}`);

    const [image, heat] = await Promise.all(["img", "canvas"].map((tag) => page.locator(`#photos ${tag}`).boundingBox()));
    const { view, values } = photos[0].heatmap;
    for (const [side, from, whole] of [["left", heat.x - image.x, image.width], ["top", heat.y - image.y, image.height], ["width", heat.width, image.width], ["height", heat.height, image.height]]) {
      assert.ok(Math.abs(from - view[side] * whole) < 1.5, `${side}: ${from} of ${whole}`);
    }
    const alphas = await page.locator("#photos canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, place) => data[place * 4 + 3]);
    });
    assert.equal(alphas.length, values.length);
    assert.equal(alphas[values.indexOf(1)], 190);
    assert.ok(values.every((value, place) => value > 0.25 || alphas[place] === 0));
    await picturesOf(page, "answer");
    await page.uncheck("#heat-on");
    assert.equal(await page.locator("#photos canvas").isVisible(), false);
  });
});

test("dropped photos get one prediction; removing a photo removes the prediction", async () => {
  await onPage({}, async (page, world) => {
    const photos = await drawn(world, isLeaf, 3);
    const data = photos.map(({ name, buffer }) => [name, [...buffer]]);
    const transfer = await page.evaluateHandle((files) => {
      const all = new DataTransfer();
      for (const [name, bytes] of files) all.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
      return all;
    }, data);
    await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
    assert.equal(await page.locator("#photos li").count(), 3);
    const answer = await identify(page, []);
    assert.equal(answer.photos.length, 3);
    assert.equal(await page.locator("#photos canvas").count(), 3);
    assert.ok((await page.innerText("#answer")).includes("合起来"));
    await page.locator("#photos button").nth(1).click();
    assert.equal(await page.locator("#photos li").count(), 2);
    assert.equal(await page.isVisible("#answer"), false);
    assert.equal(await page.locator("#photos canvas").count(), 0);
    assert.equal((await identify(page, [])).photos.length, 2);
  });
});

test("a seventh photo is refused with a message", async () => {
  await onPage({}, async (page) => {
    await page.setInputFiles("#files", Array.from({ length: 7 }, (_, number) => leaf(number)));
    assert.equal(await page.locator("#photos li").count(), 6);
    assert.ok((await page.innerText("#trouble")).includes("最多 6 张"));
  });
});

test("an error is shown in plain words with the number of the photo", async () => {
  const refused = { expected: [/status of 4\d\d/] };
  await onPage(refused, async (page) => {
    const evil = { name: "<img src=x onerror=window.bad=1>.jpg", mimeType: "image/jpeg", buffer: Buffer.from("<script>window.bad=1</script>") };
    await identify(page, [leaf(1), evil]);
    const text = await page.innerText("#trouble");
    for (const words of ["第 2 张", "这不是 JPEG", "choose another"]) assert.ok(text.includes(words), text);
    assert.ok((await page.innerText("#photos")).includes("显示不了"));
    assert.equal(await page.evaluate(() => window.bad), undefined);
    await picturesOf(page, "refused");
    await page.locator("#photos button").nth(1).click();
    assert.equal(await page.isVisible("#trouble"), false);
  });
  await onPage(refused, async (page) => {
    const cut = { ...leaf(1), buffer: leaf(1).buffer.subarray(0, 300) };
    await identify(page, cut);
    const text = await page.innerText("#trouble");
    assert.ok(text.includes("照片不完整") && !text.includes("第 1 张"), text);
  });
});

test("an unknown problem is shown in the relay's words", async () => {
  await onPage({ expected: [/status of 418/] }, async (page) => {
    const problem = { type: "urn:mango-scout:problem:new", title: "Something new", detail: "<b>bold</b>", status: 418 };
    await page.route(/predict/, (route) => route.fulfill({ status: 418, contentType: "application/problem+json", body: JSON.stringify(problem) }));
    await identify(page, leaf(1));
    assert.ok((await page.innerText("#trouble")).includes("Something new: <b>bold</b>"));
  });
});

test("a photo without a leaf is reported", async () => {
  await onPage({}, async (page) => {
    const answer = { model: { name: "a", version: "1" }, verdict: "not_mango_leaf", classes: [{ id: "healthy", probability: 0.9, basis: "trained" }] };
    await page.route(/predict/, (route) => route.fulfill({ json: { pooled: answer, photos: [answer] } }));
    await identify(page, leaf(1));
    const text = await page.innerText("#answer");
    assert.ok(text.includes("不像芒果叶") && !text.includes("怎么办"), text);
  });
});

/** The page's text for a made-up response. @param {object} answer */
async function saidTo(page, answer) {
  const whole = { model: { name: "a", version: "1" }, ...answer };
  await page.unroute(/predict/);
  await page.route(/predict/, (route) => route.fulfill({ json: { pooled: whole, photos: [whole] } }));
  await identify(page, leaf(1));
  return page.innerText("#answer");
}

const ranked = (...classes) => classes.map(([id, probability]) => ({ id, probability, basis: "trained" }));

test("the part of the tree is shown, and the symptom if only that is certain", async () => {
  await onPage({}, async (page) => {
    const ill = ranked(["fruit_alternaria", 0.4], ["fruit_healthy", 0.3]);
    const symptom = await saidTo(page, { verdict: "unsure", part: "fruit", symptom: { probability: 0.96, certain: true }, classes: ill });
    for (const words of ["果实 Fruit", "有症状，是哪一种还不确定", "很有把握，96 %", "再拍两三个"]) assert.ok(symptom.includes(words), symptom);
    assert.ok(!symptom.includes("不太确定，最像的是") && !symptom.includes("怎么办"), symptom);
    const healthy = await saidTo(page, { verdict: "unsure", part: "leaf", symptom: { probability: 0.15, certain: true }, classes: ranked(["healthy", 0.6]) });
    for (const words of ["叶片 Leaf", "看起来健康", "Fairly sure, 85 %", "不打“保险药”"]) assert.ok(healthy.includes(words), healthy);
    const pest = ranked(["ceroplastes_rubens", 0.4], ["healthy", 0.3]);
    const unlike = await saidTo(page, { verdict: "unsure", symptom: { probability: 0.15, certain: true }, classes: pest });
    assert.ok(unlike.includes("不太确定，最像的是") && !unlike.includes("看起来健康"), unlike);
    const other = await saidTo(page, { verdict: "not_mango_leaf", classes: ranked(["healthy", 0.5], ["fruit_healthy", 0.2]) });
    assert.ok(other.includes("不像芒果叶或果实"), other);
  });
});

test("a class that is not in the catalog is shown by its id", async () => {
  await onPage({}, async (page) => {
    const answer = { model: { name: "a", version: "1" }, verdict: "confident", classes: [{ id: "my_thrips", probability: 0.9, basis: "few_photos", photos: 3 }] };
    await page.route(/predict/, (route) => route.fulfill({ json: { pooled: answer, photos: [answer] } }));
    await identify(page, leaf(1));
    assert.match(await page.innerText("#answer h2"), /^my_thrips/);
  });
});

test("while the relay is down the page says so, and a retry works", async () => {
  await onPage({ expected: [/ERR_CONNECTION_REFUSED/] }, async (page) => {
    await page.setInputFiles("#files", leaf(1));
    await relay.stop();
    try {
      await page.click("#ask");
      await page.locator("#trouble").waitFor();
      assert.match(await page.innerText("#trouble"), /联网识别连不上.*cannot be reached/s);
      assert.equal(await page.isEnabled("#ask"), true);
      await picturesOf(page, "down");
    } finally {
      await relay.start();
    }
  });
});

test("other scripts, addresses and frames are blocked", async () => {
  const policy = [/Content Security Policy/, /Trusted ?(HTML|Script)/, /ERR_BLOCKED_BY_RESPONSE|refused to connect/i];
  await onPage({ expected: policy }, async (page, _world, faults) => {
    const tried = await page.evaluate(async () => {
      const does = (act) => {
        try {
          act();
          return "done";
        } catch {
          return "refused";
        }
      };
      const markup = does(() => { document.body.innerHTML = "<img src=x onerror=\"window.bad = 1\">"; });
      const script = does(() => document.body.append(Object.assign(document.createElement("script"), { textContent: "window.bad = 1" })));
      const elsewhere = await fetch("https://localhost:1/").then(() => "done", () => "refused");
      return { markup, script, elsewhere, bad: window.bad };
    });
    assert.deepEqual(tried, { markup: "refused", script: "refused", elsewhere: "refused", bad: undefined });
    assert.ok(faults.some((fault) => /violates .* "connect-src/.test(fault)), String(faults));
  });
  await onPage({ expected: policy }, async (_page, world) => {
    const other = await world.newPage();
    await other.setContent(`<iframe src="${origin()}/"></iframe>`);
    const [, frame] = other.frames();
    await frame.waitForLoadState();
    assert.equal(await frame.locator("#drop").count(), 0);
  });
});

test("the page fits the smallest phones, in light and dark, and works by keyboard", async () => {
  await onPage({ viewport: { width: 320, height: 640 }, colorScheme: "dark" }, async (page, world) => {
    await identify(page, await drawn(world, isLeaf, 1));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.emulateMedia({ colorScheme: "light" });
    assert.notEqual(await ground(), dark);
    await picturesOf(page, "small");
    await page.focus("#files");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "BUTTON");
  });
});
