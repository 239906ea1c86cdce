/** What a choice costs and what it may be worth: accuracy is known to lie between two bounds, equal once it is known. */
export interface Prospect {
  /** Energy and latency of an inference, in any unit. */
  readonly energy: number;
  readonly latency: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
}

/**
 * Which prospects can still be on the Pareto front (least energy, least latency, most accuracy). One is ruled out when
 * another costs no more of either and is at least as accurate whatever is still unknown of both; of equals the first
 * stays. What is ruled out is dominated for certain, also if its dominator is ruled out later by a third one.
 */
export function stillPossible(prospects: readonly Prospect[]): boolean[] {
  return prospects.map(
    (prospect, i) => !prospects.some((other, j) => j !== i && dominates(other, prospect, j < i)),
  );
}

function dominates(one: Prospect, other: Prospect, first: boolean): boolean {
  if (one.energy > other.energy || one.latency > other.latency) return false;
  if (one.accuracyLow < other.accuracyHigh) return false;
  const better =
    one.energy < other.energy || one.latency < other.latency || one.accuracyLow > other.accuracyHigh;
  return better || first;
}

/** The knee of a front in energy and accuracy, and of the points there are of each; see `kneeOf`. */
export interface FrontPoint {
  readonly energy: number;
  readonly accuracy: number;
}

/**
 * Place of the knee: the point farthest above the line from the front's cheapest to its most accurate point, both axes
 * scaled to their range on the front. The cheapest when the front has no bulge; undefined when there is no point.
 */
export function kneeOf(front: readonly FrontPoint[]): number | undefined {
  if (front.length === 0) return undefined;
  const better = (a: number, b: number): number => {
    const x = front[a]!;
    const y = front[b]!;
    return x.energy < y.energy || (x.energy === y.energy && x.accuracy > y.accuracy) ? a : b;
  };
  const sharper = (a: number, b: number): number => {
    const x = front[a]!;
    const y = front[b]!;
    return x.accuracy > y.accuracy || (x.accuracy === y.accuracy && x.energy < y.energy) ? a : b;
  };
  const places = front.map((_, i) => i);
  const cheapest = places.reduce(better);
  const { energy: fromEnergy, accuracy: fromAccuracy } = front[cheapest]!;
  const best = front[places.reduce(sharper)]!;
  const energyRange = best.energy - fromEnergy;
  const accuracyRange = best.accuracy - fromAccuracy;
  if (energyRange === 0 || accuracyRange === 0) return cheapest;
  let knee = cheapest;
  let farthest = 0;
  for (const [i, { energy, accuracy }] of front.entries()) {
    const above = (accuracy - fromAccuracy) / accuracyRange - (energy - fromEnergy) / energyRange;
    if (above > farthest) {
      farthest = above;
      knee = i;
    }
  }
  return knee;
}

/**
 * EnforceSNN's reward for choosing among models: accuracy less the energy's share of the baseline's, weighed by `mu`
 * (R = accuracy - mu * E / E_baseline). The form is quoted from memory of the paper, not checked against it; `mu` is the user's.
 */
export const modelReward = (accuracy: number, energy: number, baselineEnergy: number, mu: number): number =>
  accuracy - mu * (energy / baselineEnergy);
