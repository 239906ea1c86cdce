/** A value for the tensors of a name, in which * stands for any characters. */
export type NamedValue<T> = readonly [pattern: string, value: T];

/** What stands for all tensors. */
export const ALL_TENSORS = '*';

/** The value of a tensor: of its own name, else of a pattern that fits, else of all; the last given counts. */
export function namedValue<T>(name: string, values: readonly NamedValue<T>[]): T | undefined {
  const last = (isOf: (pattern: string) => boolean): NamedValue<T> | undefined =>
    values.findLast(([pattern]) => isOf(pattern));
  const found =
    last((pattern) => pattern === name) ??
    last((pattern) => pattern !== ALL_TENSORS && fits(pattern)(name)) ??
    last((pattern) => pattern === ALL_TENSORS);
  return found?.[1];
}

/** Whether a name is the pattern, whose * stand for any characters. */
export function fits(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const parts = pattern.split('*');
  const [head, tail] = [parts[0]!, parts.at(-1)!];
  const middle = parts.slice(1, -1);
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail))
      return false;
    let at = head.length;
    for (const part of middle) {
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > name.length - tail.length) return false;
      at = found + part.length;
    }
    return true;
  };
}
