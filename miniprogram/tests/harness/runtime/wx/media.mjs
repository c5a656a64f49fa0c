import { api } from "../api.mjs";
import { address, call, Failure } from "../phone.mjs";
import { pickFiles, showPicture, showSheet } from "../screen/dialogs.mjs";

/**
 * Photos, and smaller copies of them.
 * @param {import("./index.mjs").Context} context
 * @param {ReturnType<typeof import("./privacy.mjs").createPrivacy>} privacy
 */
export function mediaOf({ boot, pages }, privacy) {
  return {
    chooseMedia: api("chooseMedia", async ({ count = 9, sourceType = ["album", "camera"] }) => {
      await privacy.authorize("chooseMedia");
      const files = boot.interactive ? await picked(count, sourceType) : (await call("chooseMedia", { count })).files;
      const tempFiles = await Promise.all(files.map(described));
      return { type: "image", tempFiles };
    }),
    chooseMessageFile: api("chooseMessageFile", async ({ count }) => {
      await privacy.authorize("chooseMessageFile");
      const files = boot.interactive ? await kept(await pickFiles({ accept: "", multiple: count > 1, camera: false })) : (await call("chooseMessageFile", { count })).files;
      return { tempFiles: files.map(({ path, size, name }) => ({ path, size, name, type: "file", time: Math.floor(Date.now() / 1000) })) };
    }),
    getImageInfo: api("getImageInfo", async ({ src }) => {
      const photo = await fetched(src, pages.top()?.path);
      const bitmap = await decoded(photo);
      return { path: src, width: bitmap.width, height: bitmap.height, orientation: "up", type: await pictureType(photo) };
    }),
    compressImage: api("compressImage", async ({ src, quality = 80, compressedWidth, compressedHeight }) => {
      const bitmap = await opened(src);
      const { width, height } = scaled(bitmap, compressedWidth, compressedHeight);
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
      return { tempFilePath: (await keep(await canvas.convertToBlob({ type: "image/jpeg", quality: quality / 100 }), "jpg")).path };
    }),
    createOffscreenCanvas: ({ type = "webgl", width = 300, height = 150 }) => {
      if (type !== "2d") throw new Error("createOffscreenCanvas:fail the harness has type 2d alone");
      return offscreenCanvas(width, height);
    },
    canvasToTempFilePath: api("canvasToTempFilePath", async ({ canvas, fileType = "png", quality = 1, destWidth, destHeight }) => {
      const from = canvas.real;
      const target = new OffscreenCanvas(destWidth || from.width, destHeight || from.height);
      target.getContext("2d")?.drawImage(from, 0, 0, target.width, target.height);
      const type = fileType === "jpg" ? "image/jpeg" : "image/png";
      return { tempFilePath: (await keep(await target.convertToBlob({ type, quality }), fileType)).path };
    }),
    previewImage: api("previewImage", ({ urls, current }) => showPicture(address(current || urls[0]))),
    previewMedia: api("previewMedia", ({ sources, current = 0 }) => showPicture(address(sources[current].url))),
    saveImageToPhotosAlbum: api("saveImageToPhotosAlbum", ({ filePath }) => call("share", { kind: "album", filePath })),
  };
}

/** @param {number} count @param {string[]} sources */
async function picked(count, sources) {
  let camera = sources.length === 1 && sources[0] === "camera";
  if (sources.length > 1) {
    const choice = await showSheet({ itemList: ["拍摄", "从相册选择"] });
    if (choice < 0) throw new Failure("cancel");
    camera = choice === 0;
  }
  const files = await pickFiles({ accept: "image/*", multiple: count > 1 && !camera, camera });
  return kept(files.slice(0, count));
}

/** @param {File[]} files */
async function kept(files) {
  if (files.length === 0) throw new Failure("cancel");
  return Promise.all(files.map(async (file) => ({ ...(await keep(file, file.name.split(".").pop() || "jpg")), name: file.name })));
}

/** @param {Blob} blob @param {string} suffix @returns {Promise<{ path: string, size: number }>} */
async function keep(blob, suffix) {
  return call("keepTemporary", { suffix }, new Uint8Array(await blob.arrayBuffer()));
}

/** @param {{ path: string, size: number }} file */
async function described({ path, size }) {
  // WeChat hands on a file that is no picture too, without a size in pixels.
  const { width, height } = await opened(path).catch(() => ({ width: 0, height: 0 }));
  return { tempFilePath: path, size, width, height, fileType: "image" };
}

/** @param {string} path @param {string} [page] */
async function opened(path, page) {
  return decoded(await fetched(path, page));
}

/** @param {string} path @param {string} [page] */
async function fetched(path, page) {
  const response = await fetch(address(path, page));
  if (!response.ok) throw new Failure(`file not found "${path}"`);
  return response.blob();
}

/** @param {Blob} photo */
function decoded(photo) {
  return createImageBitmap(photo).catch(() => {
    throw new Failure("decode image fail");
  });
}

/** WeChat detects the type from the content, not from the name. @param {Blob} photo */
async function pictureType(photo) {
  const head = new Uint8Array(await photo.slice(0, 4).arrayBuffer());
  const begins = (/** @type {number[]} */ ...bytes) => bytes.every((byte, at) => head[at] === byte);
  if (begins(0xff, 0xd8, 0xff)) return "jpeg";
  if (begins(0x89, 0x50, 0x4e, 0x47)) return "png";
  return begins(0x47, 0x49, 0x46) ? "gif" : "unknown";
}

/** @param {ImageBitmap} bitmap @param {number} [width] @param {number} [height] */
function scaled(bitmap, width, height) {
  const factor = width ? width / bitmap.width : height ? height / bitmap.height : 1;
  return { width: width || Math.round(bitmap.width * factor), height: height || Math.round(bitmap.height * factor) };
}

/** @param {number} width @param {number} height */
function offscreenCanvas(width, height) {
  const real = new OffscreenCanvas(width, height);
  return {
    real,
    getContext: () => real.getContext("2d"),
    createImage: () => phoneImage(),
    get width() { return real.width; },
    set width(value) { real.width = value; },
    get height() { return real.height; },
    set height(value) { real.height = value; },
  };
}

/** An image whose `src` takes the phone's paths. */
export function phoneImage() {
  const image = new Image();
  const source = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src"));
  Object.defineProperty(image, "src", {
    get: () => source.get?.call(image),
    set: (path) => source.set?.call(image, address(path)),
  });
  return image;
}
