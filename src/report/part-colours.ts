/** Colours of the parts of stacked bars, the same in every chart, whichever other parts there are. */
export const PART_COLOURS: Readonly<Record<string, string>> = {
  activate: '#4c78a8',
  precharge: '#f58518',
  read: '#e45756',
  write: '#72b7b2',
  refresh: '#54a24b',
  background: '#eeca3b',
  'data pins': '#b279a2',
  'row conflicts': '#f58518',
  'row misses': '#4c78a8',
};

/** The scale of these parts, the uppermost of the stack first, as in the legend. */
export const partScale = (parts: readonly string[]) => ({
  domain: parts,
  range: parts.map((part) => PART_COLOURS[part]!),
});
