/**
 * Which build of the core this is: the whole one, or the lean one, which knows neither what `features.ts` asks about nor
 * the branches for it. scripts/build-kernels.mjs puts the other value here for the lean build.
 */
export const WHOLE: bool = true;
