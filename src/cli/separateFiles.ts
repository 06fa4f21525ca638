import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DialError } from "../domain/errors";

/** By the option that names them, without its dashes. */
type NamedPaths = Readonly<Record<string, string | null | undefined>>;

/**
 * Checks that no file that a command writes is one that it reads, or writes twice.
 * @throws DialError "invalid-option" naming both options.
 */
export async function checkSeparateFiles(read: NamedPaths, written: NamedPaths): Promise<void> {
  const options = new Map<string, string>();
  for (const [option, path] of Object.entries(read)) if (path) options.set(await realPath(path), option);
  for (const [option, path] of Object.entries(written)) {
    if (!path) continue;
    const real = await realPath(path);
    const other = options.get(real);
    if (other !== undefined) {
      throw new DialError("invalid-option", `--${other} and --${option} name one file; give two`);
    }
    options.set(real, option);
  }
}

/** Also of a file that is not there yet. */
async function realPath(path: string): Promise<string> {
  const whole = resolve(path);
  const beside = () => realpath(dirname(whole)).then((folder) => join(folder, basename(whole)));
  return realpath(whole)
    .catch(beside)
    .catch(() => whole);
}
