/** In place of a source of requests: what none of them has alone, and that no data cross the buses. */
export const SHARED = 'shared';
export const NOBODY = 'nobody';
