"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const zh = require("../../../i18n/zh.js");
const { closePage, openPage, startApp } = require("./app.js");

test("every page opens on exparser: scan, answer, correction, lesson, orchard, guide, calendar, history, settings", async (t) => {
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
  await result.tap(zh.result.wrong);
  await result.until(() => went[1] === `/pages/wrong/wrong?scan=${id}`, "the correction");

  const wrong = openPage("wrong", { scan: id });
  await wrong.sees(zh.wrong.question);
  wrong.instance.search({ detail: { text: "powdery" } });
  await wrong.until(() => !wrong.text().includes("回枯病"), "the search");
  await wrong.tap("白粉病");
  await wrong.sees(zh.wrong.chosen);
  // Without a relay there is nobody to send it to.
  assert.ok(!wrong.text().includes(zh.wrong.send));
  await wrong.tap(zh.wrong.save);
  await wrong.until(() => went[2] === "back", "the way back");
  closePage(wrong);
  await result.sees(zh.marks.choice.replace("{name}", "白粉病"));
  assert.deepEqual(services.orchard.list(), [], "nothing is taught that was not agreed to");

  const teach = openPage("teach", { scan: id });
  await teach.sees(zh.teach.question);
  await teach.tap("炭疽病");
  await teach.tap(zh.teach.save.replace("{name}", "炭疽病"));
  await teach.until(() => went[3] === "/pages/orchard/orchard", "the orchard");
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
  await guide.tap(zh.calendar.open);
  await guide.until(() => went[4] === "/pages/calendar/calendar", "the calendar");
  await guide.tap("炭疽病");
  await guide.until(() => went[5] === "/pages/detail/detail?id=anthracnose", "the guide's page");
  guide.instance.search({ detail: { text: "白粉" } });
  await guide.until(() => !guide.text().includes("回枯病"), "the search");
  closePage(guide);

  const calendar = openPage("calendar");
  await calendar.sees(zh.calendar.whereHint);
  await calendar.tap(zh.calendar.guangxi);
  await calendar.sees(zh.calendar.fruit_set);
  assert.equal(services.settings.get().region, "guangxi");
  closePage(calendar);

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
