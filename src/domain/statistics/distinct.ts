/**
 * Distinct-2 (Li, Galley, Brockett, Gao and Dolan, 2016): distinct pairs of neighbouring words over
 * all such pairs in the texts, in (0, 1]; null where no text has two words. Words are runs of
 * letters, digits and apostrophes, in lower case.
 */
export function distinct2(texts: readonly string[]): number | null {
  const seen = new Set<string>();
  let total = 0;
  for (const text of texts) {
    const words = text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
    for (let index = 1; index < words.length; index++) {
      seen.add(`${words[index - 1]} ${words[index]}`);
      total++;
    }
  }
  return total === 0 ? null : seen.size / total;
}
