import { deviceChoice } from "../engine/device";
import type { RunPolicy } from "../engine/engine";

export interface StudyPolicies {
  open(name: string): Promise<RunPolicy>;
  close(): void;
}

/**
 * The policies of a study: the tab's own where it is asked for, and one more at a time beside it.
 * @param report is told which one is loaded.
 */
export function studyPolicies(
  main: string,
  mainPolicy: RunPolicy,
  signal: AbortSignal,
  report: (what: string) => void,
): StudyPolicies {
  let other: { readonly name: string; readonly policy: RunPolicy; close(): void } | null = null;
  const close = (): void => {
    other?.close();
    other = null;
  };
  return {
    async open(name) {
      if (name === main) return mainPolicy;
      if (other?.name === name) return other.policy;
      close();
      report(`the policy ${name}`);
      const { openPolicy } = await import("../../runtimes/local/browser");
      // On another device the weights are others, and so would be what is compared.
      const device = mainPolicy.device === "remote" ? deviceChoice() : mainPolicy.device;
      const policy = await openPolicy({ adapter: name, device, signal });
      other = { name, policy, close: () => policy.close() };
      return policy;
    },
    close,
  };
}
