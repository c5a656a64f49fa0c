"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { prepare } = require("./world");

const { drawn, identify, isLeaf, leaf, onPage, origin, picturesOf, relay } = prepare();

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
