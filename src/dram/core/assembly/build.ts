/**
 * Whether this is the whole core. The lean core has none of the features of features.ts and none of the branches for them;
 * scripts/build-kernels.mjs replaces this file to build it.
 */
export const WHOLE: bool = true;
