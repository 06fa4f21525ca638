import { inUse } from "./connection";

/** Where the work is done, and so where what is typed goes. */
export function Whereabouts() {
  const endpoint = inUse.value;
  return (
    <footer class="colophon small soft">
      {endpoint === null
        ? "Everything runs in this tab. Nothing that you type leaves this computer."
        : `Prompts go to ${new URL(endpoint.baseUrl).host}, which you have set up. All else runs in this tab.`}
    </footer>
  );
}
