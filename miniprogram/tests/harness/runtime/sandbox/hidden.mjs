/**
 * What a browser has and a phone's JavaScript has not. DevTools has some of it, which is how such a bug gets to a phone.
 */
export const HIDDEN = [
  "window", "document", "self", "globalThis", "top", "parent", "frames", "navigator", "location", "history", "screen", "performance",
  "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Request", "Response", "Headers", "WebAssembly", "TextDecoder", "TextEncoder",
  "URL", "URLSearchParams", "Blob", "File", "FileReader", "FormData", "Image", "ImageData", "OffscreenCanvas", "createImageBitmap",
  "localStorage", "sessionStorage", "indexedDB", "caches", "crypto", "atob", "btoa", "Worker", "MessageChannel", "BroadcastChannel",
  "structuredClone", "queueMicrotask", "AbortController", "AbortSignal", "Event", "EventTarget", "CustomEvent", "DOMException",
  "FinalizationRegistry", "alert", "confirm", "prompt", "requestAnimationFrame", "importScripts", "postMessage", "onmessage",
];
