/** What the scanner needs of the phone. `platform/` fills it with wx, tests with plain objects. */
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
  /** The path that pages and uploads take for a path of here. */
  url(path: string): string;
  read(path: string): Promise<ArrayBuffer>;
  /** Whole or not at all: to a name beside it first, then renamed. `storage_full` where there is no room. */
  write(path: string, content: ArrayBuffer | string): Promise<void>;
  /** Copies in a file from outside, such as a photo that was just taken. */
  copyIn(from: string, to: string): Promise<void>;
  /** Removing what is not there is no failure. Takes folders whole. */
  remove(path: string): Promise<void>;
  /** Names in a folder; of one that is not there, none. */
  list(path: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
  /** Bytes of a file or of all in a folder. */
  size(path: string): Promise<number>;
  /** A file of the code package that is compressed with Brotli, unpacked. `wechat_too_old` where WeChat cannot. */
  readPackaged(path: string): Promise<ArrayBuffer>;
}

/** Failures are Errors with a `code` of RelayFailure. */
interface Http {
  /** One file as multipart. Every status is an answer. */
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
  /** Text, or bytes where `binary` was asked for. */
  body: string | ArrayBuffer;
}

interface Network {
  online(): boolean;
  /** False where that is not known. */
  wifi(): boolean;
  /** Asks the phone anew, which may have forgotten to tell of a change; ends when it has answered. */
  look(): Promise<void>;
  onChange(listener: (online: boolean) => void): () => void;
}

interface Clock {
  now(): number;
  /** Calls once after `ms`; what it gives cancels. */
  after(ms: number, action: () => void): () => void;
  random(): number;
}

/** Cancels what is under way. */
interface Signal {
  readonly aborted: boolean;
  onAbort(listener: () => void): void;
}

/** Makes the one worker that WeChat allows. */
interface Workers {
  create(): WorkerPort;
}

interface WorkerPort {
  /** The message stays as it is: WeChat, which takes messages apart, gets a copy. */
  post(message: object): void;
  onMessage(listener: (message: any) => void): void;
  /** The system took it away. */
  onKilled(listener: () => void): void;
  terminate(): void;
}

/** The code package's parts that are fetched when they are needed. */
interface Packages {
  /** Ends when the sub-package `scalar` is on the phone; `engine_missing` where it cannot be fetched. */
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
