import { Engine } from "./engine.js";
import { failure } from "./failure.js";
import { bytes, json, listOfBytes, listOfText, text, textFile } from "./argument.js";

/** A reference to an object of the module, valid until it is freed or the module crashes. */
class Held {
  #engine;
  #raw;

  constructor(engine, raw) {
    this.#engine = engine;
    this.#raw = raw;
  }

  /**
   * @template T
   * @param {(raw: any) => T} action
   * @returns {T}
   */
  use(action) {
    if (!this.#raw) throw failure("bad_argument", "the object was freed; create another one");
    return this.#engine.run(() => action(this.#raw));
  }

  get engine() {
    return this.#engine;
  }

  free() {
    const raw = this.#raw;
    this.#raw = undefined;
    if (raw && !this.#engine.dead) raw.free();
  }
}

/**
 * Creates the package's API. How the module is instantiated depends on the platform and is passed to `start`.
 *
 * @param {{ TextDecoder: object, TextEncoder: object }} codecs
 */
export function createPackage(codecs) {
  const decoder = new codecs.TextDecoder();

  /** @type {Engine | undefined} */
  let current;

  /** @type {Promise<void> | undefined} */
  let starting;

  /**
   * Concurrent callers wait for the same instance.
   * @param {import("./engine.js").Instantiate} instantiate
   */
  function start(instantiate) {
    if (current && !current.dead) return Promise.resolve();
    starting ??= Engine.start(instantiate, codecs)
      .then((engine) => void (current = engine))
      .finally(() => void (starting = undefined));
    return starting;
  }

  function engine() {
    if (!current) throw failure("not_initialised", "the module is not initialised; await init() first");
    return current;
  }

  class Embedded {
    #held;

    /** @internal */
    constructor(held) {
      this.#held = held;
      this.key = held.use((raw) => raw.key);
    }

    /** @internal */
    use(action) {
      return this.#held.use(action);
    }

    free() {
      this.#held.free();
    }
  }

  class Gallery {
    #held;

    /** @internal */
    constructor(held) {
      this.#held = held;
    }

    static parse(file) {
      const from = engine();
      const content = bytes(file, "the gallery");
      return new Gallery(new Held(from, from.run((glue) => glue.Gallery.parse(content))));
    }

    get size() {
      return this.#held.use((raw) => raw.size);
    }

    get embeddingId() {
      return this.#held.use((raw) => raw.embeddingId);
    }

    get classes() {
      return JSON.parse(this.#held.use((raw) => raw.classes));
    }

    add(classId, photo) {
      if (!(photo instanceof Embedded)) {
        throw failure("bad_argument", "the photo is not the result of scout.embed(photo)");
      }
      const id = text(classId, "the class id");
      this.#held.use((raw) => photo.use((embedded) => raw.add(id, embedded)));
    }

    remove(key) {
      const name = text(key, "the photo's key");
      this.#held.use((raw) => raw.remove(name));
    }

    removeClass(classId) {
      const id = text(classId, "the class id");
      this.#held.use((raw) => raw.removeClass(id));
    }

    rename(classId, newId) {
      const ids = [text(classId, "the class id"), text(newId, "the new class id")];
      this.#held.use((raw) => raw.rename(...ids));
    }

    label(classId, label) {
      const id = text(classId, "the class id");
      const shown = label === undefined || label === null ? undefined : text(label, "the label");
      this.#held.use((raw) => raw.label(id, shown));
    }

    serialize() {
      return this.#held.use((raw) => raw.serialize());
    }

    free() {
      this.#held.free();
    }
  }

  class Scout {
    #held;

    constructor(manifest, weights, gallery) {
      const parts = [
        textFile(manifest, "the manifest", decoder),
        bytes(weights, "the weights"),
        gallery === undefined ? undefined : bytes(gallery, "the gallery"),
      ];
      const from = engine();
      this.#held = new Held(from, from.run((glue) => new glue.Scout(...parts)));
    }

    useCatalog(catalog) {
      const json = textFile(catalog, "the catalog", decoder);
      this.#held.use((raw) => raw.useCatalog(json));
    }

    useGalleries(galleries) {
      const files = listOfBytes(galleries, "the galleries");
      this.#held.use((raw) => raw.useGalleries(files));
    }

    predict(photo, options) {
      // Read before the photo: a caller's getter must not run inside the module.
      const explain = Boolean(options?.explain);
      const file = bytes(photo, "the photo");
      return JSON.parse(this.#held.use((raw) => raw.predict(file, explain)));
    }

    predictMany(photos) {
      const files = listOfBytes(photos, "the photos");
      return JSON.parse(this.#held.use((raw) => raw.predictMany(files)));
    }

    embed(photo) {
      const file = bytes(photo, "the photo");
      return new Embedded(new Held(this.#held.engine, this.#held.use((raw) => raw.embed(file))));
    }

    newGallery() {
      return new Gallery(new Held(this.#held.engine, this.#held.use((raw) => raw.newGallery())));
    }

    get embeddingId() {
      return this.#held.use((raw) => raw.embeddingId);
    }

    get modelName() {
      return this.#held.use((raw) => raw.modelName);
    }

    get modelVersion() {
      return this.#held.use((raw) => raw.modelVersion);
    }

    free() {
      this.#held.free();
    }
  }

  function reconcile(phone, relay, taught) {
    const answers = [
      json(phone, "the phone's answer"),
      relay === undefined || relay === null ? undefined : json(relay, "the relay's answer"),
    ];
    const ids = listOfText(taught, "the taught classes");
    const shown = JSON.parse(engine().run((glue) => glue.reconcile(...answers, ids)));
    // The unchanged answer object: a newer relay's may have fields that this version does not know.
    return { ...shown, prediction: shown.source === "relay" ? relay : phone };
  }

  return {
    start,
    Scout,
    Gallery,
    reconcile,
    version: () => engine().run((glue) => glue.version()),
    crashForTest: (message) => engine().run((glue) => glue.crashForTest(message)),
  };
}
