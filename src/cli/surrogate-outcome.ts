import type { SurrogateOutcome } from '../experiments/training/train-surrogate.ts';
import { percent } from '../report/percent.ts';

/** The result of a training by surrogate gradients as JSON. */
export function surrogateForPrograms(outcome: SurrogateOutcome): object {
  const { weightsFile, manifestFile, recipe, validation, comparison, test } = outcome;
  return {
    weights: weightsFile,
    manifest: manifestFile,
    layers: recipe.layers,
    training_images: recipe.trainingImages,
    epochs: recipe.epochs,
    validation_images: validation?.images ?? 0,
    validation_accuracy: validation?.accuracy ?? null,
    ...(comparison
      ? {
          bit_error_rate: comparison.ber,
          masks: comparison.masks,
          accuracy_under_errors: comparison.accuracy,
          control_under_errors: comparison.control,
          gain: comparison.gain.estimate,
          gain_low: comparison.gain.low,
          gain_high: comparison.gain.high,
          control_without_errors: comparison.controlWithoutErrors,
        }
      : {}),
    test_images: test.images,
    test_accuracy: test.accuracy,
  };
}

/** The same for people. */
export function surrogateForPeople(outcome: SurrogateOutcome): string {
  const { weightsFile, manifestFile, recipe, validation, comparison, test } = outcome;
  const { layers, epochs, trainingImages } = recipe;
  const lines = [
    `${layers.join('-')}: ${epochs} epochs of ${trainingImages} training images`,
    validation
      ? `accuracy ${percent(validation.accuracy)} % on ${validation.images} validation images`
      : 'no images were left for validation',
    ...(comparison
      ? [
          `at a bit error rate of ${comparison.ber}, mean of ${comparison.masks} unseen masks: ${percent(comparison.accuracy)} % of these, control ${percent(comparison.control)} %`,
          `gain ${percent(comparison.gain.estimate)} points (95 % interval over masks and images ${percent(comparison.gain.low)} to ${percent(comparison.gain.high)})`,
          `the control without errors ${percent(comparison.controlWithoutErrors)} %`,
        ]
      : []),
    `accuracy ${percent(test.accuracy)} % on ${test.images} test images, which decided nothing`,
    `weights ${weightsFile}`,
    `manifest ${manifestFile}`,
  ];
  return `${lines.join('\n')}\n`;
}
