import type { TrainingRecipe } from './recipe.ts';

/**
 * The recipe with all weights and voltages above rest multiplied: the same spikes, except that weights still end at 1,
 * so that receptive fields spread over more inputs instead of growing. A flipped bit moves a weight by at most the
 * range from 0 to 1; with headroom that is a smaller part of a neuron's weight sum. A factor of 1 is the recipe itself.
 */
export function withHeadroom(recipe: TrainingRecipe, factor: number): TrainingRecipe {
  if (factor === 1) return recipe;
  const { constants, thetaPlusMv, postRate } = recipe;
  const rest = constants.restPotentialMv;
  return {
    ...recipe,
    weightSum: recipe.weightSum * factor,
    initialWeight: Math.min(1, recipe.initialWeight * factor),
    preRate: recipe.preRate * factor,
    postRate: { from: postRate.from * factor, to: postRate.to * factor },
    thetaPlusMv: { from: thetaPlusMv.from * factor, to: thetaPlusMv.to * factor },
    constants: {
      ...constants,
      thresholdMv: rest + factor * (constants.thresholdMv - rest),
      resetPotentialMv: rest + factor * (constants.resetPotentialMv - rest),
      inhibitionMv: constants.inhibitionMv * factor,
    },
  };
}
