/** The global of a worker of the mini-program: its page. */
declare const worker: {
  onMessage(listener: (message: any) => void): void;
  postMessage(message: object): void;
};
