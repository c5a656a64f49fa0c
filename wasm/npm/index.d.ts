/** Starts the model's code. Call it again after a crash: it starts a fresh copy, and leaves a running one alone. */
export function init(wasm?: BufferSource): Promise<void>;

/** Starts the model's code and loads the model that comes with this package, pests and guilds included. */
export function load(): Promise<Scout>;

/** Version of the code and the git revision it was built from, such as `0.1.0+1a2b3c4d5e6f`. */
export function version(): string;

/** A model that answers photos. */
export class Scout {
  /**
   * @param manifest text of the model's `manifest.json`
   * @param weights its weights file
   * @param gallery a gallery of this model
   * @throws {ScoutError} `bad_manifest`, `bad_weights`, `bad_gallery`, `not_initialised`
   */
  constructor(manifest: string, weights: Bytes, gallery?: Bytes);

  /** Names the guilds of classes, from the text of `catalog.json`: a prediction unsure of the class may name its guild. */
  useCatalog(catalog: string): void;

  /** Ranks the classes of these galleries too, in place of those used before. If one is refused, those stay. */
  useGalleries(galleries: Bytes[]): void;

  /**
   * What a photo shows: JPEG, PNG or WebP, at most 24 megapixels.
   * @throws {ScoutError} `photo_empty`, `not_a_photo`, `photo_cut_off`, `photo_damaged`, `photo_too_large`
   */
  predict(photo: Bytes, options?: { explain?: boolean }): Prediction;

  /** What one to six photos of one plant show together. Their order does not matter. */
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

  /** Adds a photo to a class; `gallery_refuses` one that is in another class. */
  add(classId: string, photo: Embedded): void;
  remove(key: string): void;
  removeClass(classId: string): void;
  rename(classId: string, newId: string): void;
  /** What a class is called that the catalog does not name; nothing takes it away. */
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
  /** If it was asked for. */
  heatmap?: HeatMap;
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

export interface ScoutError extends Error {
  code:
    | "bad_argument"
    | "bad_catalog"
    | "bad_gallery"
    | "bad_manifest"
    | "bad_weights"
    | "gallery_refuses"
    | "needs_restart"
    | "not_a_photo"
    | "not_found"
    | "not_initialised"
    | "panic"
    | "photo_cut_off"
    | "photo_damaged"
    | "photo_empty"
    | "photo_too_large"
    | "prediction_failed";
}
