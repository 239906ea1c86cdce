/** A share as percent, without the sign. */
export const percent = (share: number, digits = 2): string => (share * 100).toFixed(digits);
