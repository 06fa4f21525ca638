import { createHash } from "node:crypto";
import type { Plugin } from "vite";
import { CONNECT_SRC } from "./connectSrc.ts";

const INLINE_SCRIPT = /<script>(.*?)<\/script>/gs;

/**
 * The built page may load from its own origin and nowhere else, and run the scripts that were written into it; `wasm-unsafe-eval`
 * lets WASM compile. An endpoint that the user sets up is no exception: it is asked from a frame with a policy of its own, see
 * src/runtimes/openai/door.ts. Only the built page: the development server injects styles and scripts of its own.
 */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: policyOf(html) },
          injectTo: "head-prepend",
        },
      ],
    },
  };
}

function policyOf(html: string): string {
  const inline = Array.from(html.matchAll(INLINE_SCRIPT), ([, script = ""]) => `'sha256-${hash(script)}'`);
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inline].join(" "),
    "worker-src 'self' blob:",
    CONNECT_SRC,
    "img-src 'self' data: blob:",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join("; ");
}

function hash(script: string): string {
  return createHash("sha256").update(script).digest("base64");
}
