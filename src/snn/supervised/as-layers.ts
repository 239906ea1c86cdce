import type { Layer, NeuronLayer, RunnableNetwork } from '../layers/layered-network.ts';
import type { SupervisedRecipe } from './recipe.ts';

/**
 * The trained network as layers (input, then dense and neurons in turn, then output), with all that its training took for granted:
 * forward Euler, strict threshold, reset within the step. An executor makes the same spikes of it as the training's own forward pass.
 */
export function networkAsLayers(
  recipe: SupervisedRecipe,
  weights: readonly Float32Array[],
  imageShape: readonly number[],
): RunnableNetwork {
  const { layers: sizes, steps, timeStepS, reset, input, objective } = recipe;
  const layers: Layer[] = [{ kind: 'input', name: 'input', shape: imageShape, sources: [] }];
  const from = () => [{ layer: layers.length - 1, delayed: false }];
  if (imageShape.length > 1)
    layers.push({ kind: 'flatten', name: 'flatten', shape: [sizes[0]!], sources: from() });
  for (const [k, matrix] of weights.entries()) {
    const inputs = sizes[k]!;
    const outputs = sizes[k + 1]!;
    const shape = [outputs];
    layers.push({
      kind: 'dense',
      name: `fc${k + 1}`,
      shape,
      sources: from(),
      inputs,
      outputs,
      weights: matrix,
    });
    layers.push(neuronsOf(recipe, k, shape, from()));
  }
  layers.push({ kind: 'output', name: 'output', shape: [sizes.at(-1)!], sources: from() });
  return {
    network: { layers },
    dynamics: { timeStepS, integration: 'euler', reset, resetTime: 'same-step', threshold: 'gt' },
    presentation: {
      steps,
      input: { kind: input, gain: 1 },
      readout: objective === 'counts' ? 'counts' : 'potential-sum',
    },
  };
}

function neuronsOf(
  { layers, timeStepS, tauS, threshold, objective }: SupervisedRecipe,
  k: number,
  shape: readonly number[],
  sources: NeuronLayer['sources'],
): NeuronLayer {
  const tau = Float32Array.of(tauS);
  const common = { tau, r: Float32Array.of(tau[0]! / timeStepS), vLeak: Float32Array.of(0) };
  const last = k === layers.length - 2;
  const base = {
    kind: 'neurons',
    name: `${last && objective === 'potential' ? 'li' : 'lif'}${k + 1}`,
    shape,
    sources,
  } as const;
  if (last && objective === 'potential') return { ...base, model: 'li', parameters: common };
  return {
    ...base,
    model: 'lif',
    parameters: { ...common, vThreshold: Float32Array.of(threshold), vReset: Float32Array.of(0) },
  };
}
