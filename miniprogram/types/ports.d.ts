/** What the scanner needs from the phone. `platform/` implements it with `wx`, tests with plain objects. */
interface Ports {
  files: Files;
  http: Http;
  network: Network;
  clock: Clock;
  workers: Workers;
  packages: Packages;
  pictures: Pictures;
}

/** A file system below one folder, with paths such as `scans/x/0.jpg`. Every failure is an Error with a `code`. */
interface Files {
  /** Converts a path to one that pages and uploads accept. */
  url(path: string): string;
  read(path: string): Promise<ArrayBuffer>;
  /** Atomic: written to a temporary name, then renamed. Fails with `storage_full` on a full disk. */
  write(path: string, content: ArrayBuffer | string): Promise<void>;
  /** Copies a file from outside, such as a new photo. */
  copyIn(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with its contents. A missing path is not an error. */
  remove(path: string): Promise<void>;
  /** Names in a folder; empty if it does not exist. */
  list(path: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
  /** Bytes of a file or of all in a folder. */
  size(path: string): Promise<number>;
  /** Decompresses a Brotli file of the code package. Fails with `wechat_too_old` if WeChat cannot. */
  readPackaged(path: string): Promise<ArrayBuffer>;
}

/** Failures are Errors with a `code` of RelayFailure. */
interface Http {
  /** Uploads one file as multipart. Every status resolves. */
  upload(request: { url: string; file: string; name: string; timeout: number; signal?: Signal }): Promise<HttpAnswer>;
  request(request: {
    url: string; method?: "GET" | "POST" | "DELETE"; headers?: Record<string, string>; body?: ArrayBuffer;
    binary?: boolean; timeout: number; signal?: Signal;
  }): Promise<HttpAnswer>;
}

interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Text, or bytes if `binary` was requested. */
  body: string | ArrayBuffer;
}

interface Network {
  online(): boolean;
  /** False if unknown. */
  wifi(): boolean;
  /** Queries the network state again, because change events may be missed; resolves with the answer. */
  look(): Promise<void>;
  onChange(listener: (online: boolean) => void): () => void;
}

interface Clock {
  now(): number;
  /** Calls once after `ms`; returns a function that cancels. */
  after(ms: number, action: () => void): () => void;
  random(): number;
}

/** Cancels a running operation. */
interface Signal {
  readonly aborted: boolean;
  onAbort(listener: () => void): void;
}

/** Creates the single worker that WeChat allows. */
interface Workers {
  create(): WorkerPort;
}

interface WorkerPort {
  /** The message is not modified: WeChat, which removes buffers from messages, gets a copy. */
  post(message: object): void;
  onMessage(listener: (message: any) => void): void;
  /** Called when the system ended the worker. */
  onKilled(listener: () => void): void;
  terminate(): void;
}

/** Sub-packages, fetched on demand. */
interface Packages {
  /** Resolves when the sub-package `scalar` is available; fails with `engine_missing` if it cannot be fetched. */
  fetchScalar(): Promise<void>;
}

/** Small copies of photos. */
interface Pictures {
  /** A JPEG whose longer side has at most `side` pixels, as a file outside of `Files`. */
  shrink(path: string, side: number): Promise<string>;
  /** A JPEG with figures and words below one another, as a file outside of `Files`. */
  compose(sheet: PictureSheet): Promise<string>;
}

/** What a composed picture shows, from top to bottom. Lengths are in its pixels. */
interface PictureSheet {
  width: number;
  ground: string;
  parts: (SheetFigure | SheetText)[];
}

/** A photo, upright, with at most one picture over a part of it, whose edges are shares of the photo's sides. */
interface SheetFigure {
  kind: "figure";
  photo: string;
  overlay?: { src: string; view: { left: number; top: number; width: number; height: number } };
}

interface SheetText { kind: "text"; text: string; size: number; bold?: boolean; colour: string; gap: number; }
