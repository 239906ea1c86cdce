/**
 * Weighs each value of a neurons x classes table against the sum over its neuron's classes: entry k of the result is
 * `weigh(values[k], sum)`.
 */
export function perNeuron(
  values: Float64Array,
  classes: number,
  weigh: (value: number, sum: number) => number,
): Float64Array {
  const weights = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += classes) {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += values[first + c]!;
    for (let c = 0; c < classes; c++) weights[first + c] = weigh(values[first + c]!, sum);
  }
  return weights;
}
