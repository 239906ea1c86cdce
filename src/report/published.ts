/**
 * Of SparkXD (DAC 2021) and EnforceSNN (2022), beside `PUBLISHED_SAVINGS`: shares, and whether they were read in a
 * stored source or are from memory (a dagger marks them then, `FROM_MEMORY`).
 */
export const PUBLISHED = {
  /** Saving within 1 % of the error-free accuracy, averaged over sizes. */
  saving: { status: 'verified', value: 0.4 },
  /** Speed of SparkXD's mapping over the baseline's. */
  throughput: { status: 'from memory', value: 1.02 },
  /** EnforceSNN: the greatest saving. */
  enforceSaving: { status: 'verified', value: 0.849 },
  /** EnforceSNN: the greatest speed over the baseline. */
  enforceThroughput: { status: 'verified', value: 4.1 },
  /** EnforceSNN: bit error rate up to which no accuracy is lost. */
  enforceLossless: { status: 'verified', value: 1e-3 },
} as const;
