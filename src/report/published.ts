/** How a published number is known here: read in a stored source, or remembered and consistent with what was read. */
export type Status = 'verified' | 'recalled';

/** SparkXD (DAC 2021) and EnforceSNN (2022): the numbers that ours are put beside. Fractions unless named otherwise. */
export const PUBLISHED = {
  /** Supplies of the paper's figures; the first is the accurate DRAM. */
  supplies: [1.35, 1.325, 1.25, 1.175, 1.1, 1.025],
  /** Saving of energy per access at the supplies below nominal. */
  savingPerAccess: { status: 'recalled', values: [0.0392, 0.1429, 0.2433, 0.3359, 0.424] },
  /** Saving of DRAM energy per inference there, averaged over N400 to N3600. */
  savingPerInference: { status: 'recalled', values: [0.0384, 0.1333, 0.2269, 0.3112, 0.3946] },
  /** Saving within 1 % of the error-free accuracy, averaged over sizes. */
  saving: { status: 'verified', value: 0.4 },
  /** Speed of SparkXD's mapping over the baseline's. */
  throughput: { status: 'recalled', value: 1.02 },
  /** EnforceSNN: the greatest saving. */
  enforceSaving: { status: 'verified', value: 0.849 },
} as const;
