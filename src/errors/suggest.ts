/** No name is longer; the edit distance of long texts would take long. */
const LONGEST_NAME = 100;

/**
 * The remedy line for an unknown name: the nearest known ones when the user has mistyped, else the whole list.
 * Distance is the usual edit distance (Levenshtein 1966); "near" is at most a third of the name.
 */
export function suggest(wrong: string, known: readonly string[], kind: string): string {
  const near = nearest(wrong, known);
  if (near !== undefined) return `did you mean ${near}?`;
  return known.length === 0 ? `no ${kind} is known here` : `known ${kind}: ${known.join(', ')}`;
}

/** The known name that the user most likely mistyped; undefined where none is near. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const near = (wrong.length > LONGEST_NAME ? [] : known)
    .map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near[0]?.name;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
