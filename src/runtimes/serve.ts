/** The worker's end of the bridge. */

import { expose } from "comlink";
import { keepErrorCodes, READY } from "./wire";

/** Offers an object to the page and says that the worker listens. */
export function serve(api: object): void {
  keepErrorCodes();
  expose(api);
  postMessage(READY);
}
