/** What is done to weights as they are loaded from DRAM. */
export const REPAIR_POLICIES = ['none', 'clamp', 'zero'] as const;
export type RepairPolicy = (typeof REPAIR_POLICIES)[number];

/**
 * Repairs FP32 weights in place. `none` leaves them as read. `clamp` brings each into [0, maximum] (a NaN, which is
 * neither large nor small, becomes 0). `zero` sets to 0 whatever lies outside [0, maximum], as EDEN does with
 * implausible values. The maximum is the largest weight that training allows.
 */
export function repairWeights(weights: Float32Array, policy: RepairPolicy, maximum: number): void {
  if (policy === 'clamp') clampWeights(weights, maximum);
  else if (policy === 'zero') zeroImplausible(weights, maximum);
}

function clampWeights(weights: Float32Array, maximum: number): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    // Written so that NaN, for which every comparison is false, falls through to 0.
    if (!(weight >= 0)) weights[i] = 0;
    else if (weight > maximum) weights[i] = maximum;
  }
}

function zeroImplausible(weights: Float32Array, maximum: number): void {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight <= maximum)) weights[i] = 0;
  }
}
