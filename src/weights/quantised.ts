/** What to do with codes of a quantisation, which mean nothing without their scale. */
export const QUANTISED =
  'if they are codes of a quantisation, save what they stand for as float32: scale * (codes - zero_point)';
