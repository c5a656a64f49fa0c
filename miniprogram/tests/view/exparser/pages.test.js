"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const zh = require("../../../i18n/zh.js");
const { closePage, openPage, startApp } = require("./app.js");

test("every page opens on exparser: scan, answer, guide, lesson, orchard, history, settings", async (t) => {
  const { services, went } = startApp(t);

  const scan = openPage("scan");
  await scan.sees(zh.scan.lead);
  await scan.until(() => scan.instance.data.ready, "open services");
  await scan.tap(zh.scan.album);
  await scan.sees(zh.scan.recognise.split("|")[0]);
  await scan.tap(zh.scan.recognise.split("|")[0]);
  await scan.until(() => went.length === 1, "the result page");
  const [, id] = /^\/pages\/result\/result\?id=(.+)$/.exec(went[0]) || [];

  const result = openPage("result", { id });
  await result.sees(zh.card.fromPhone);
  assert.ok(result.text().includes(zh.result.teach));
  await result.tap(zh.result.teach);
  await result.until(() => went[1] === `/pages/teach/teach?scan=${id}`, "the lesson");

  const teach = openPage("teach", { scan: id });
  await teach.sees(zh.teach.question);
  await teach.tap("炭疽病");
  await teach.tap(zh.teach.save.replace("{name}", "炭疽病"));
  await teach.until(() => went[2] === "/pages/orchard/orchard", "the orchard");
  closePage(teach);

  const orchard = openPage("orchard");
  await orchard.sees(zh.orchard.taught.replace("{name}", "炭疽病"));
  await orchard.tap(zh.orchard.undo);
  await orchard.sees(zh.orchard.empty);
  closePage(orchard);
  closePage(result);
  closePage(scan);

  const guide = openPage("guide");
  await guide.sees("Colletotrichum");
  await guide.tap("炭疽病");
  await guide.until(() => went[3] === "/pages/detail/detail?id=anthracnose", "the guide's page");
  guide.instance.search({ detail: { text: "白粉" } });
  await guide.until(() => !guide.text().includes("回枯病"), "the search");
  closePage(guide);

  const detail = openPage("detail", { id: "anthracnose" });
  await detail.sees(services.catalog.find("anthracnose").symptoms.zh);
  closePage(detail);

  const history = openPage("history");
  await history.sees(zh.state.byPhone);
  await history.tap(history.classed("remove")[0]);
  await history.sees(zh.history.empty);
  closePage(history);

  const settings = openPage("settings");
  await settings.sees(zh.settings.keepTaught);
  await settings.tap("English");
  await settings.until(() => services.language() === "en", "English");
  closePage(settings);
});
