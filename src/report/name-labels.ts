/** Longest name beside a chart, in characters; marks say the whole name under the pointer. */
const LONGEST_LABEL = 36;
const HEAD = 17;
const TAIL = LONGEST_LABEL - HEAD - 1;

const cut = (name: string): string =>
  name.length > LONGEST_LABEL ? `${name.slice(0, HEAD)}…${name.slice(-TAIL)}` : name;

/**
 * Members of a legend or an axis whose labels are these names: long ones are cut in the middle, where no two become the
 * same by it.
 */
export function nameLabels(names: readonly string[]): Readonly<Record<string, unknown>> {
  const labelLimit = 360;
  if (names.every((name) => name.length <= LONGEST_LABEL)) return { labelLimit };
  if (new Set(names.map(cut)).size < new Set(names).size) return { labelLimit };
  const labelExpr = `length(datum.label) > ${LONGEST_LABEL} ? slice(datum.label, 0, ${HEAD}) + '…' + slice(datum.label, -${TAIL}) : datum.label`;
  return { labelLimit, labelExpr };
}
