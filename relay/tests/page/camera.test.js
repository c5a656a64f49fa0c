"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { prepare } = require("./world");

// A camera with a moving test picture.
const { onPage, picturesOf } = prepare(["--use-fake-device-for-media-stream"]);

/** Whether the page holds the camera. */
const isOn = (page) => page.evaluate(() => document.getElementById("finder").srcObject !== null);

test("photos are taken with the camera and identified", async () => {
  await onPage({ permissions: ["camera"] }, async (page) => {
    await page.click("#camera");
    await page.locator("#shutter:enabled").waitFor();
    assert.equal(await isOn(page), true);
    await page.click("#shutter");
    await page.getByText("已拍 1 张").waitFor();
    await picturesOf(page, "camera");
    await page.click("#shutter");
    await page.getByText("已拍 2 张").waitFor();
    // The camera is turned off in the dialog's close event, which comes after the dialog is hidden.
    const closed = page.evaluate(() => new Promise((done) => {
      document.getElementById("viewfinder").addEventListener("close", () => done(), { once: true });
    }));
    await page.keyboard.press("Escape");
    await closed;
    assert.equal(await page.locator("#viewfinder").isVisible(), false);
    assert.equal(await isOn(page), false);
    assert.equal(await page.locator("#photos img").count(), 2);
    const [answer] = await Promise.all([page.waitForResponse(/predict/), page.click("#ask")]);
    assert.equal((await answer.json()).photos.length, 2);
    await page.locator("#answer").waitFor();
  });
});

test("no more photos are taken than one answer can have", async () => {
  await onPage({ permissions: ["camera"] }, async (page) => {
    await page.click("#camera");
    for (let taken = 1; taken <= 6; taken += 1) {
      await page.locator("#shutter:enabled").click();
      await page.getByText(`已拍 ${taken} 张`).waitFor();
    }
    assert.equal(await page.isDisabled("#shutter"), true);
    await page.click("#finished");
    assert.equal(await page.locator("#photos img").count(), 6);
    await page.click("#camera");
    assert.ok((await page.innerText("#trouble")).includes("最多 6 张"));
  });
});

test("a refused camera is explained, and the page goes on", async () => {
  await onPage({}, async (page) => {
    await page.click("#camera");
    await page.locator("#trouble").waitFor();
    const text = await page.innerText("#trouble");
    for (const words of ["浏览器没有让这个网页用相机", "does not let this page use the camera"]) assert.ok(text.includes(words), text);
    assert.deepEqual([await page.isEnabled("#camera"), await page.isVisible("#viewfinder")], [true, false]);
    await picturesOf(page, "camera-refused");
  });
});

test("a missing camera, and a page without https, are explained", async () => {
  const without = () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("none", "NotFoundError"));
  };
  await onPage({ before: without }, async (page) => {
    await page.click("#camera");
    await page.getByText("没有找到相机").waitFor();
  });
  const insecure = () => Object.defineProperty(Navigator.prototype, "mediaDevices", { value: undefined });
  await onPage({ before: insecure }, async (page) => {
    await page.click("#camera");
    await page.getByText("网页要用 https:// 打开").waitFor();
  });
});

test("on a phone its own camera program opens", async () => {
  await onPage({ viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true }, async (page) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.tap("#camera")]);
    assert.equal(await chooser.element().getAttribute("capture"), "environment");
    assert.equal(await page.isVisible("#viewfinder"), false);
  });
});
