/** Longest names beside a chart, in characters: the first at which no two names look alike. Marks say the whole name under the pointer. */
const LONGEST_LABELS = [36, 44, 52, 60] as const;

/** Characters that stay before and behind the cut. */
const partsOf = (longest: number): readonly [number, number] => {
  const tail = Math.floor(longest / 2);
  return [longest - tail - 1, tail];
};

function cut(name: string, longest: number): string {
  const [head, tail] = partsOf(longest);
  return name.length > longest ? `${name.slice(0, head)}…${name.slice(-tail)}` : name;
}

/** Pixels of the longest label; names are cut before. */
const LABEL_LIMIT = 420;

/**
 * Members of a legend or an axis whose labels are these names: long ones are cut in the middle, where no two become the
 * same by it.
 */
export function nameLabels(names: readonly string[]): Readonly<Record<string, unknown>> {
  const all = new Set(names);
  if (names.every((name) => name.length <= LONGEST_LABELS[0])) return { labelLimit: LABEL_LIMIT };
  const longest = LONGEST_LABELS.find(
    (most) => new Set([...all].map((name) => cut(name, most))).size === all.size,
  );
  if (longest === undefined) return { labelLimit: LABEL_LIMIT };
  const [head, tail] = partsOf(longest);
  const labelExpr = `length(datum.label) > ${longest} ? slice(datum.label, 0, ${head}) + '…' + slice(datum.label, -${tail}) : datum.label`;
  return { labelLimit: LABEL_LIMIT, labelExpr };
}
