/**
 * The view and its settings in the address's fragment, so that a link reproduces what is on the screen.
 *
 * The fragment never travels to a server. Values stay the text that was typed: a wrong one is shown where it
 * stands instead of being dropped. Only values that differ from the defaults are written.
 */

export type Values = Readonly<Record<string, string>>;

/** @returns `#/view?name=value&...` */
export function encodeFragment(view: string, values: Values, defaults: Values): string {
  const changed = Object.entries(values).filter(([name, value]) => value !== defaults[name]);
  const query = new URLSearchParams(changed).toString();
  return `#/${view}${query && `?${query}`}`;
}

/** Unknown names are left out; names that are absent get their default. */
export function decodeFragment(fragment: string, defaults: Values): { view: string; values: Values } {
  const [, view = "", query = ""] = /^#?\/?([^?]*)\??(.*)$/s.exec(fragment) ?? [];
  const given = new URLSearchParams(query);
  const values = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, given.get(name) ?? value]),
  );
  return { view, values };
}
