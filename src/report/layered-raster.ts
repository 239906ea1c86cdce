import { InputError } from '../errors/input-error.ts';
import { openLayers } from '../inputs/open-layers.ts';
import { openLayeredMemory } from '../inputs/open-memory.ts';
import type { StoredLayers } from '../inputs/read-network.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import type { PictureJob } from '../settings/jobs/picture.ts';
import { createLayeredInference } from '../snn/layers/infer-layers.ts';
import { stepsOf } from '../snn/layers/layered-input.ts';
import { sizeOf, weightTensors } from '../snn/layers/layered-network.ts';
import { createSampleInput } from '../sparkxd/layered-samples.ts';
import { layeredRasterSvg, type RasterPanel, type Spike } from './raster-svg.ts';

/**
 * The spikes of every layer of a network in one sample, as SVG: of the input where it is spikes, and of all that make spikes. Throws InputError
 * for a sample that is not there, and for what the network or the chip do not have.
 */
export async function layeredRaster(job: PictureJob, stored: StoredLayers): Promise<string> {
  const recorder = createInputRecorder();
  const { runnable, samples } = await openLayers(
    { ...job, images: undefined, split: 'test' },
    stored,
    recorder,
  );
  const { image } = job;
  if (image >= samples.set.count)
    throw new InputError(`there is no test sample ${image}`, {
      remedy: `they are numbered 0 to ${samples.set.count - 1}`,
    });
  const inference = createLayeredInference(runnable);
  if (job.supply !== undefined) {
    const memory = await openLayeredMemory(job, weightTensors(stored.network), recorder);
    inference.setWeights(memory.hold(memory.at(job.chip, job.supply, job.mapping)).weights);
  }
  const { layers } = runnable.network;
  const spikes = new Map<number, Spike[]>();
  const input = createSampleInput(runnable, samples, job.seed)(image);
  const steps = stepsOf(input, sizeOf(layers[0]!.shape), runnable.presentation.steps);
  const answer = inference.present(input, {
    spikes(layer, step, neurons) {
      const own = spikes.get(layer) ?? [];
      spikes.set(layer, own);
      for (const unit of neurons) own.push({ step, unit });
    },
  });
  const panels = layers.flatMap((layer, place): RasterPanel[] => {
    const found = spikes.get(place);
    const isInput = layer.kind === 'input';
    const silent =
      layer.kind === 'competition' || (layer.kind === 'neurons' && layer.parameters.vThreshold !== undefined);
    if (!found && !silent) return [];
    return [
      {
        name: layer.name,
        units: sizeOf(layer.shape),
        spikes: found ?? [],
        ...(isInput ? { input: true } : {}),
      },
    ];
  });
  const held =
    job.supply === undefined ? 'as trained' : `${job.supply} V, chip ${job.chip}, repair ${job.repair}`;
  const driven = input.kind === 'spikes' ? '' : ', input current';
  const title = `test sample ${image}, label ${samples.set.labels[image]}, answer ${answer.class}${driven}; ${job.weights}, ${held}`;
  return layeredRasterSvg(panels, steps, title);
}
