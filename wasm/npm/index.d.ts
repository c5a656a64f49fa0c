/**
 * Starts the model's code, from the package's own file or from the bytes of a copy. Call it again after a crash: it starts
 * a fresh copy, and leaves a running one alone.
 * @throws {ScoutError} `cannot_start`; `not_found` for a file that is not there, or a page in its place; `bad_argument`
 */
export function init(wasm?: Bytes): Promise<void>;

/**
 * Starts the model's code and loads the model that comes with this package, pests and guilds included.
 * @throws {ScoutError} `cannot_start`, `not_found`
 */
export function load(): Promise<Scout>;

/**
 * Version of the code and the git revision it was built from, such as `0.1.0+1a2b3c4d5e6f`.
 * @throws {ScoutError} `not_initialised`
 */
export function version(): string;

/**
 * What is shown of the phone's answer and the relay's, if there is one. What the grower taught stays: the phone's is shown
 * if it is `confident` of a taught class, or the only one. Otherwise the relay's is, and the best of the taught classes
 * stands beside it if it is among the phone's first three and not the relay's first.
 * @param taught ids of the classes of the phone's own gallery, 'my orchard'
 * @throws {ScoutError} `bad_argument` for what is no prediction, or no class id; `not_initialised`
 */
export function reconcile(phone: Prediction, relay: Prediction | null | undefined, taught: string[]): Shown;

/** A model that answers photos. */
export class Scout {
  /**
   * @param manifest the model's `manifest.json`, its text or its bytes
   * @param weights its weights file
   * @param gallery a gallery of this model
   * @throws {ScoutError} `bad_manifest`, `bad_weights`, `bad_gallery`, `not_initialised`
   */
  constructor(manifest: string | Bytes, weights: Bytes, gallery?: Bytes);

  /**
   * Names the guilds of classes, from `catalog.json`, its text or its bytes: a prediction unsure of the class may name its
   * guild.
   * @throws {ScoutError} `bad_catalog`
   */
  useCatalog(catalog: string | Bytes): void;

  /**
   * Ranks the classes of these galleries too, in place of those used before. If one is refused, those stay.
   * @throws {ScoutError} `bad_gallery`
   */
  useGalleries(galleries: Bytes[]): void;

  /**
   * What a photo shows: JPEG, PNG or WebP, at most 50 megapixels.
   * @throws {ScoutError} `photo_empty`, `not_a_photo`, `photo_cut_off`, `photo_damaged`, `photo_too_large`
   */
  predict(photo: Bytes, options?: { explain?: boolean }): Prediction;

  /**
   * What one to six photos of one plant show together. Their order does not matter.
   * @throws {ScoutError} those of `predict`; `bad_argument` for another number of photos
   */
  predictMany(photos: Bytes[]): Prediction;

  /** What a gallery keeps of a photo. Takes ten times as long as a prediction. */
  embed(photo: Bytes): Embedded;

  /** A gallery without photos, for this model. */
  newGallery(): Gallery;

  /** Names the embedding that the model makes: a gallery of another is of no use to it. */
  readonly embeddingId: string;
  /** Such as `leaf-mini`. */
  readonly modelName: string;
  /** Such as `0.1.0`. */
  readonly modelVersion: string;

  /** Gives its memory back at once, not when it is collected. */
  free(): void;
}

/** Classes known from a few photos, such as an orchard's own. A change that is refused leaves it as it was. */
export class Gallery {
  private constructor();

  /** @throws {ScoutError} `bad_gallery` */
  static parse(file: Bytes): Gallery;

  /**
   * Adds a photo to a class, whose id is of a-z, 0-9 and _.
   * @throws {ScoutError} `gallery_refuses` a photo that is in another class or was seen by another model, and all when full
   */
  add(classId: string, photo: Embedded): void;
  /** Takes a photo out; a class goes with its last one. `gallery_refuses` what is not there, here and below. */
  remove(key: string): void;
  /** Takes a class and its photos out. */
  removeClass(classId: string): void;
  /** Gives a class an id that is free. */
  rename(classId: string, newId: string): void;
  /** What a class is called that the catalog does not name, at most 40 letters; nothing takes it away. */
  label(classId: string, label?: string | null): void;

  /** The file: the same photos give the same bytes, in whatever order they were added. */
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

/** A photo as a gallery keeps it. */
export interface Embedded {
  /** sha256 of the photo's file, 64 hexadecimal digits. */
  readonly key: string;
  free(): void;
}

export type Bytes = Uint8Array | ArrayBuffer | ArrayBufferView;

/** The answer that the relay gives too. */
export interface Prediction {
  model: { name: string; version: string };
  verdict: "confident" | "unsure" | "not_mango_leaf";
  /** How far the photo is from mango leaves: 1 is a typical one. */
  out_of_domain?: number;
  /** Every class, most probable first. */
  classes: RankedClass[];
  /** Likely where no class of it is for sure; only beside `unsure`. */
  guild?: { id: string; probability: number };
  /** The part of the tree that the photo shows most likely, from a model that knows several. */
  part?: "leaf" | "fruit";
  /** The probability that this part has any symptom, and whether that can be relied on though the class may be unsure. */
  symptom?: { probability: number; certain: boolean };
  /** If it was asked for. */
  heatmap?: HeatMap;
}

/** The answer that is shown. */
export interface Shown {
  source: "phone" | "relay";
  prediction: Prediction;
  /** The class of 'my orchard' that stands beside the relay's answer, with the phone's probability. */
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

/** Where the first class was seen. */
export interface HeatMap {
  width: number;
  height: number;
  /** 0 to 1, row by row. */
  values: number[];
  /** The part of the upright photo that it covers, in fractions of its width and height. */
  view: { left: number; top: number; width: number; height: number };
}

/** Every failure. The codes never change; messages are for people. */
export interface ScoutError extends Error {
  code:
    /** The caller's mistake: a value of another kind, an object that was freed. */
    | "bad_argument"
    /** Not a catalog, gallery or manifest, or one that this version does not know. */
    | "bad_catalog"
    | "bad_gallery"
    | "bad_manifest"
    /** Not the weights that the manifest names. */
    | "bad_weights"
    /** The module is damaged, or there is no WebAssembly with SIMD here. */
    | "cannot_start"
    /** A change that the gallery does not take. */
    | "gallery_refuses"
    /** It crashed before: `await init()`, then make everything anew. */
    | "needs_restart"
    /** Neither JPEG, PNG nor WebP. */
    | "not_a_photo"
    /** A file of this package is missing or cannot be fetched. */
    | "not_found"
    /** `await init()` first. */
    | "not_initialised"
    /** It crashed just now, through a bug or for want of memory; the message says where. */
    | "panic"
    /** The photo ends before its picture does. */
    | "photo_cut_off"
    | "photo_damaged"
    | "photo_empty"
    /** Over 50 megapixels, or a PNG or WebP that takes too much memory to decode. */
    | "photo_too_large"
    /** The model failed, through no fault of the photo. */
    | "prediction_failed";
}
