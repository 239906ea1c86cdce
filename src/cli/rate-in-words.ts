/** A bit error rate for people: two digits behind the point, 0 where it is none, nothing where it is not known. */
export const rateInWords = (ber: number | undefined): string =>
  ber === undefined ? '' : ber === 0 ? '0' : ber.toExponential(2);
