import type { Plugin } from "vite";

/**
 * The built page may load from its own origin and nowhere else; `wasm-unsafe-eval` lets WASM compile. An endpoint that
 * the user sets up is no exception: it is asked from a frame with a policy of its own, see src/runtimes/openai/door.ts.
 * Only the built page: the development server injects styles and scripts of its own.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data:",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
].join("; ");

export function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}
