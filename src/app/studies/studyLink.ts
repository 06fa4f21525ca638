import { linkTo, prefixedBy } from "../settings";

/** The page of a study, with its recorded run and no filter; without a name the list. */
export function studyLink(name = ""): string {
  const changes = { name, run: "", over: "", condition: "", axis: "", prompts: "", targets: "", row: "" };
  return linkTo("studies", prefixedBy("studies", changes));
}
