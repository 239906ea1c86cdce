/** What the page calls each setting. */
export const LABELS: Readonly<Record<string, string>> = {
  weights: 'Network',
  dataset: 'Images',
  device: 'DRAM device',
  supply: 'Supply voltage',
  profile: 'Bit errors (voltage profile)',
  timing: 'Latencies',
  curve: 'Circuit curve',
  mapping: 'Mapping of weights',
  chips: 'Chip number',
  'error-model': 'Error model',
  'weak-cells': 'Map of weak cells',
  temperature: 'Temperature (°C)',
  format: 'Weight format',
  ecc: 'Error correction',
  repair: 'Repair on load',
  workload: 'Workload',
  vote: 'Vote',
  seed: 'Seed',
};

/** Settings that are always in sight; the others open on demand. */
export const IN_SIGHT = [
  'weights',
  'device',
  'profile',
  'mapping',
  'format',
  'ecc',
  'repair',
  'timing',
  'chips',
];

/** Settings whose value is a number. */
export const NUMBERS = ['chips', 'temperature', 'seed'];
