/**
 * Starts the wasm module, from the package's own file or from the given bytes. After a crash it starts a new instance;
 * otherwise it keeps the running one.
 * @throws {ScoutError} `cannot_start`; `not_found` for a missing file, or an HTML page instead of it; `bad_argument`
 */
export function init(wasm?: Bytes): Promise<void>;

/**
 * Starts the wasm module and loads the model of this package, with pests and guilds.
 * @throws {ScoutError} `cannot_start`, `not_found`
 */
export function load(): Promise<Scout>;

/**
 * Version of the code and the git revision it was built from, such as `0.1.0+1a2b3c4d5e6f`.
 * @throws {ScoutError} `not_initialised`
 */
export function version(): string;

/**
 * Chooses between the phone's answer and the relay's. The phone's answer is shown if it is `confident` of a taught class,
 * or if there is no other. Otherwise the relay's is shown, and the best taught class beside it if it is among the phone's
 * first three classes and is not the relay's first.
 * @param taught ids of the classes of the phone's own gallery, 'my orchard'
 * @throws {ScoutError} `bad_argument` for a value that is not a prediction or not a class id; `not_initialised`
 */
export function reconcile(phone: Prediction, relay: Prediction | null | undefined, taught: string[]): Shown;

/** A model that classifies photos. */
export class Scout {
  /**
   * @param manifest the model's `manifest.json`, as text or bytes
   * @param weights its weights file
   * @param gallery a gallery of this model
   * @throws {ScoutError} `bad_manifest`, `bad_weights`, `bad_gallery`, `not_initialised`
   */
  constructor(manifest: string | Bytes, weights: Bytes, gallery?: Bytes);

  /**
   * Sets the guilds of classes from `catalog.json`, as text or bytes: a prediction that is unsure of the class may name
   * its guild (group of classes).
   * @throws {ScoutError} `bad_catalog`
   */
  useCatalog(catalog: string | Bytes): void;

  /**
   * Ranks the classes of these galleries too, instead of those used before. If one is refused, the former ones stay.
   * @throws {ScoutError} `bad_gallery`
   */
  useGalleries(galleries: Bytes[]): void;

  /**
   * Classifies a photo: JPEG, PNG or WebP, at most 50 megapixels.
   * @throws {ScoutError} `photo_empty`, `not_a_photo`, `photo_cut_off`, `photo_damaged`, `photo_too_large`
   */
  predict(photo: Bytes, options?: { explain?: boolean }): Prediction;

  /**
   * Classifies one to six photos of one plant together. Their order does not matter.
   * @throws {ScoutError} those of `predict`; `bad_argument` for another number of photos
   */
  predictMany(photos: Bytes[]): Prediction;

  /** Embeds a photo for a gallery. Takes ten times as long as a prediction. */
  embed(photo: Bytes): Embedded;

  /** An empty gallery for this model. */
  newGallery(): Gallery;

  /** Identifies the model's embedding: a gallery of another embedding cannot be used. */
  readonly embeddingId: string;
  /** Such as `leaf-mini`. */
  readonly modelName: string;
  /** Such as `0.1.0`. */
  readonly modelVersion: string;

  /** Frees its memory now instead of at garbage collection. */
  free(): void;
}

/** Few-shot classes, such as an orchard's own. A refused change leaves the gallery unchanged. */
export class Gallery {
  private constructor();

  /** @throws {ScoutError} `bad_gallery` */
  static parse(file: Bytes): Gallery;

  /**
   * Adds a photo to a class, whose id is of a-z, 0-9 and _.
   * @throws {ScoutError} `gallery_refuses` for a photo of another class or another model, or if the gallery is full
   */
  add(classId: string, photo: Embedded): void;
  /** Removes a photo; a class without photos is removed too. `gallery_refuses` for an unknown photo, here and below. */
  remove(key: string): void;
  /** Removes a class and its photos. */
  removeClass(classId: string): void;
  /** Renames a class to an unused id. */
  rename(classId: string, newId: string): void;
  /** Labels a class that the catalog does not name, at most 40 characters; without a label, removes it. */
  label(classId: string, label?: string | null): void;

  /** The file: the same photos give the same bytes, whatever the order of adding. */
  serialize(): Uint8Array;

  readonly classes: GalleryClass[];
  /** Number of photos. */
  readonly size: number;
  readonly embeddingId: string;

  free(): void;
}

export interface GalleryClass {
  id: string;
  label: string | null;
  /** Keys of its photos. */
  photos: string[];
}

/** An embedded photo for a gallery. */
export interface Embedded {
  /** sha256 of the photo's file, 64 hexadecimal digits. */
  readonly key: string;
  free(): void;
}

export type Bytes = Uint8Array | ArrayBuffer | ArrayBufferView;

/** The same answer as the relay's. */
export interface Prediction {
  model: { name: string; version: string };
  verdict: "confident" | "unsure" | "not_mango_leaf";
  /** Out-of-domain score: distance from mango leaves, 1 for a typical one. */
  out_of_domain?: number;
  /** Every class, most probable first. */
  classes: RankedClass[];
  /** A group of classes that is likely although no single class is; only with `unsure`. */
  guild?: { id: string; probability: number };
  /** The most likely part of the tree, from a model that knows several. */
  part?: "leaf" | "fruit";
  /** The probability that this part has any symptom, and whether that is reliable even if the class is unsure. */
  symptom?: { probability: number; certain: boolean };
  /** If requested. */
  heatmap?: HeatMap;
}

/** The answer that is shown. */
export interface Shown {
  source: "phone" | "relay";
  prediction: Prediction;
  /** The class of 'my orchard' that is shown beside the relay's answer, with the phone's probability. */
  orchard?: RankedClass;
}

export interface RankedClass {
  id: string;
  /** 0 to 1. */
  probability: number;
  basis: "trained" | "few_photos";
  /** Photos of it in galleries, if any. */
  photos?: number;
}

/** Class activation map of the first class. */
export interface HeatMap {
  width: number;
  height: number;
  /** 0 to 1, row by row. */
  values: number[];
  /** The part of the upright photo that it covers, in fractions of its width and height. */
  view: { left: number; top: number; width: number; height: number };
}

/** The type of every error. Codes are stable; messages are for people. */
export interface ScoutError extends Error {
  code:
    /** The caller's mistake: a value of the wrong type, or a freed object. */
    | "bad_argument"
    /** Not a catalog, gallery or manifest, or one of an unsupported version. */
    | "bad_catalog"
    | "bad_gallery"
    | "bad_manifest"
    /** Not the weights of the manifest. */
    | "bad_weights"
    /** The module is damaged, or the platform lacks WebAssembly with SIMD. */
    | "cannot_start"
    /** A change that the gallery refuses. */
    | "gallery_refuses"
    /** The module crashed before: `await init()`, then recreate all objects. */
    | "needs_restart"
    /** Neither JPEG, PNG nor WebP. */
    | "not_a_photo"
    /** A file of this package is missing or cannot be fetched. */
    | "not_found"
    /** `await init()` first. */
    | "not_initialised"
    /** The module crashed, because of a bug or lack of memory; the message says where. */
    | "panic"
    /** The photo's file ends before the picture is complete. */
    | "photo_cut_off"
    | "photo_damaged"
    | "photo_empty"
    /** Over 50 megapixels, or a PNG or WebP that takes too much memory to decode. */
    | "photo_too_large"
    /** The model failed, and not because of the photo. */
    | "prediction_failed";
}
