import { asked, inUse } from "./connection";

/** Where the work is done, and so where what is typed goes. */
export function Whereabouts() {
  return <footer class="colophon small soft">{text()}</footer>;
}

function text(): string {
  if (inUse.value !== null) {
    return `Prompts go to ${new URL(inUse.value.baseUrl).host}, which you have set up. All else runs in this tab.`;
  }
  if (asked.value !== null) {
    return `Everything runs in this tab, but for what you send to ${asked.value} on the Endpoint page.`;
  }
  return "Everything runs in this tab. Nothing that you type leaves this computer.";
}
