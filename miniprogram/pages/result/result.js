// @ts-check
const { failure } = require("../../scanner/basics/failure.js");
const { definePage } = require("../../ui/page.js");
const { readPhoto } = require("../../ui/photos.js");
const { confirm, toast } = require("../../ui/say.js");
const { services } = require("../../ui/services.js");
const { sharePicture } = require("../../ui/share-picture.js");
const { answerCard } = require("../../view/answer/answer.js");
const { feedbackNote } = require("../../view/result/feedback-note.js");
const { heatOf } = require("../../view/result/heat.js");
const { personSheet } = require("../../view/result/person-picture.js");
const { picturesOf } = require("../../view/picture/pictures.js");

/** Longer side, in pixels, of the photo in a picture for an agronomist. */
const PERSON_SIDE = 1280;

/** The picture for an agronomist is made, and consented to, each time. */
const NO_PERSON = { open: false, picture: "", problem: "" };

definePage({ title: "result.title", words: ["result", "person"] }, {
  data: {
    id: "",
    card: /** @type {Card | null} */ (null),
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    chosen: 0,
    overlay: /** @type {object | null} */ (null),
    explainable: false,
    heat: false,
    heatHint: "",
    gone: false,
    note: /** @type {import("../../view/result/feedback-note.js").FeedbackNote | null} */ (null),
    person: NO_PERSON,
    problem: /** @type {Notice | null} */ (null),
  },

  /** @param {{ id?: string }} query */
  opened({ id = "" }) {
    this.setData({ id });
    /** The phone's answer for each of several photos; null while it runs. @type {Map<string, Prediction | null>} */
    this.seen = new Map();
    this.watch(services().scanner, (/** @type {Scan | null} */ scan) => {
      if (!scan || scan.id === id) this.show();
    });
  },

  shown() {
    this.show();
  },

  show() {
    const { scanner, context, now, originals, screen, url, t } = services();
    const scan = scanner.get(this.data.id);
    if (!scan) {
      this.setData({ gone: true, card: null });
      return;
    }
    const photos = picturesOf(scan, { originals, url });
    const chosen = Math.min(this.data.chosen, Math.max(0, photos.length - 1));
    this.setData({
      photos,
      photoLabels: photos.map((_, index) => t("scan.photo", { n: index + 1 })),
      chosen,
      ...heatOf(scan, photos, this.seen.get(photos[chosen]), context()),
      card: answerCard(scan, context()),
      note: feedbackNote(scan, now(), context()),
    }, screen.pageDrawn);
  },

  /** For photos that were classified together, the phone classifies the chosen one on demand. */
  async look() {
    const { model, problem } = services();
    const { heat, explainable, photos, chosen } = this.data;
    const photo = photos[chosen];
    if (heat && explainable && !this.seen.has(photo)) {
      this.seen.set(photo, null);
      this.show();
      await this.paint({ problem: null });
      try {
        this.seen.set(photo, await model.predict([await readPhoto(photo)], { explain: true }));
      } catch (error) {
        this.seen.delete(photo);
        this.setData({ problem: problem(error), heat: false });
      }
    }
    this.show();
  },

  /** @param {() => unknown} action */
  async act(action) {
    this.setData({ problem: null });
    try {
      await action();
      this.show();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
  },

  /**
   * The content of the picture for an agronomist.
   * @param {string} photo
   */
  async pictureFor(photo) {
    const { scanner, pictures, context } = services();
    const scan = scanner.get(this.data.id);
    if (!scan) throw failure("not_found", `there is no scan ${this.data.id}; it was removed`);
    // Upright, and no larger than the picture needs.
    const upright = await pictures.shrink(photo, PERSON_SIDE);
    return pictures.compose(personSheet(scan, { photo: upright, seen: this.seen.get(photo) }, context()));
  },

  again() {
    wx.switchTab({ url: "/pages/scan/scan" });
  },

  onShareAppMessage() {
    const { scanner, share } = services();
    return share(scanner.get(this.data.id));
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ index: number }>} event */
    choose({ detail }) {
      this.setData({ chosen: detail.index });
      return this.look();
    },

    toggleHeat() {
      this.setData({ heat: !this.data.heat });
      return this.look();
    },

    openDetail() {
      wx.navigateTo({ url: `/pages/detail/detail?id=${this.data.card.classId}` });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    openOther({ detail }) {
      wx.navigateTo({ url: `/pages/detail/detail?id=${detail.id}` });
    },

    /** The grower chooses one of two classes. @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    settle({ detail }) {
      return this.act(() => services().scanner.setChoice(this.data.id, detail.id));
    },

    unsettle() {
      return this.act(() => services().scanner.setChoice(this.data.id, null));
    },

    ask() {
      return this.act(() => services().scanner.askRelay(this.data.id));
    },

    retry() {
      return this.act(() => services().scanner.retry(this.data.id));
    },

    stop() {
      return this.act(() => services().scanner.cancel(this.data.id));
    },

    correct() {
      wx.navigateTo({ url: `/pages/wrong/wrong?scan=${this.data.id}` });
    },

    /** The picture is made on the phone and shown before it is sent. */
    async askPerson() {
      const { photos, chosen } = this.data;
      await this.paint({ person: { ...NO_PERSON, open: true }, problem: null });
      try {
        const picture = await this.pictureFor(photos[chosen]);
        // The sheet may have been closed in the meantime.
        if (this.data.person.open) this.setData({ person: { ...this.data.person, picture } });
      } catch (error) {
        this.setData({ person: { ...this.data.person, problem: services().problem(error).text } });
      }
    },

    sendToPerson() {
      const { picture } = this.data.person;
      if (!picture) return undefined;
      const shared = sharePicture(picture);
      this.setData({ person: NO_PERSON });
      const { t } = services();
      return this.act(async () => {
        const how = await shared;
        if (how === "saved" || how === "shown") toast(t(`person.${how}`));
      });
    },

    keepFromPerson() {
      this.setData({ person: NO_PERSON });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: import("../../view/result/feedback-note.js").FeedbackAction }>} event */
    actOnFeedback({ detail }) {
      const { scanner, t } = services();
      const { id } = this.data;
      return this.act(async () => {
        if (detail.id !== "takeBack") {
          await scanner.feedback[detail.id](id);
          return;
        }
        if (!(await confirm({ content: t("feedback.takeBackAsk"), yes: t("common.remove"), no: t("common.cancel"), danger: true }))) return;
        await scanner.feedback.takeBack(id);
        toast(t("feedback.takenBack"));
      });
    },
  },
});
