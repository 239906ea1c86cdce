/** Rooms of `src/` by floor, lowest first (docs/architecture.md). */
export const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'elementary'],
  ['bytes', 'units', 'random', 'stats'],
  ['engine'],
  ['hardware'],
  ['dram', 'energy', 'faults', 'snn', 'datasets'],
  ['weights', 'mapping', 'trace'],
  ['accelerator'],
  ['sparkxd'],
  ['files'],
  ['settings', 'threads'],
  ['results', 'inputs'],
  ['experiments'],
  ['report', 'sweep', 'library'],
  ['reproduction', 'reference'],
  ['cli', 'studio'],
];

/** Rooms that know no file, clock, terminal or process: a browser can run them. */
export const PURE_ROOMS = FLOORS.slice(
  0,
  FLOORS.findIndex((rooms) => rooms.includes('files')),
).flat();
