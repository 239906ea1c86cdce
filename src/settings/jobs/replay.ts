import { z } from 'zod';
import { SIDE_ECC } from '../../faults/side-ecc.ts';
import { TEXT_COMMAND_FORMATS } from '../../trace/command-trace-formats.ts';
import { controller } from '../controller-settings.ts';
import { DATA_PINS } from '../data-pins.ts';
import { energyModel, law, range } from '../energy-settings.ts';
import {
  chips,
  device,
  draw,
  errorModel,
  flipProbability,
  latencyCurve,
  MOST_CHIPS,
  mapping,
  prior,
  profile,
  repair,
  rewriteEvery,
  subarrays,
  supplies,
  temperature,
  timing,
  weakCells,
} from '../memory-settings.ts';
import { dataset, MOST_IMAGES, seed, vote, weights } from '../network-settings.ts';
import { maybeFile, overTime, switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, required, withDefault } from '../setting.ts';
import { TIMELINE } from '../timeline.ts';
import {
  accessBytes,
  accessFormat,
  addressBase,
  addressMapping,
  arrival,
  lateTimes,
  offset,
  wrap,
  writes,
} from '../traffic-settings.ts';
import { listOf, oneOf, text, whole } from '../values.ts';
import { bound } from './run.ts';

const imagesError = 'expected recorded, all or a number of images';

/** Settings of what the reads of a trace give back, and of what a recorded network makes of it. */
const READS = {
  profile: optional(
    described(
      profile,
      'voltage profile: which reads come back wrong (default: that of the recording, if it is one)',
    ),
  ),
  chip: optional({
    ...listOf(whole(1), MOST_CHIPS),
    help: 'numbers of the chips (default: that of the recording, or 1)',
  }),
  chips: optional(described(chips, 'chips 1 to N')),
  errorModel: optional(
    described(errorModel, "EDEN's error model, 0 to 3 (default: that of the recording, or 0)"),
  ),
  weakCells,
  flipProbability: optional(
    described(flipProbability, 'probability that a weak cell flips (default: that of the recording, or 1)'),
  ),
  draw,
  rewriteEvery,
  repair: optional(
    described(repair, 'what is done to weights on load (default: as in the recording, or zero)'),
  ),
  prior,
  ecc: optional({
    ...oneOf(SIDE_ECC, 'ECC schemes'),
    help: 'check bits beside a trace that is no recording: secded, 8 for every 64 bits, in cells that never fail',
  }),
  images: withDefault(
    {
      schema: z.union([z.enum(['recorded', 'all']), z.int().min(1).max(MOST_IMAGES)], { error: imagesError }),
      value: 'recorded|all|N',
      read: (words: string) => (/^\d+$/.test(words) ? Number(words) : words),
      help: 'test images behind the accuracy of a recording',
    },
    'recorded',
  ),
  vote: optional(described(vote, 'how spikes become a class (default: as in the recording)')),
  weights: optional(described(weights, 'the weights of a recording, where their file has moved')),
  dataset: optional(described(dataset, 'the images of a recording, where their folder has moved')),
  bound,
  seed: optional(described(seed, 'seed of the chips (default: that of the recording, or 1)')),
  replace: switchedOn('place the weights of a recording anew for each chip and supply, and read them there'),
  mapping: optional(
    described(mapping, 'with --replace: where the weights lie (default: as in the recording)'),
  ),
  noAccuracy: switchedOn('energy alone, also for a recorded trace'),
};

/** `sparkxd replay`: one access trace at each supply. */
export const REPLAY = {
  trace: required({
    ...text,
    positional: true,
    value: 'TRACE',
    help: 'access trace: .sxt or any format of docs/access-traces.md, gzip or plain; - is standard input',
  }),
  format: accessFormat,
  accessBytes,
  writes,
  addressBase,
  offset,
  wrap,
  device,
  supplies: optional(described(supplies, 'supply voltages: 1.35,1.25 or 1.35:1.00:0.025 (default: nominal)')),
  timing: withDefault(timing, 'stretched'),
  latencyCurve,
  arrival,
  lateTimes,
  law,
  energyModel,
  ...DATA_PINS,
  range,
  addressMapping,
  controller,
  subarrays,
  temperature,
  ...READS,
  hash: switchedOn('print a hash of all commands at each supply'),
  commands: maybeFile('write every DRAM command (with a single --supply)'),
  wrongReads: maybeFile(
    'write every read that comes back wrong (.csv or .parquet), with a single supply and chip',
  ),
  ...TIMELINE,
  overTime,
  commandsFormat: withDefault(
    { ...oneOf(TEXT_COMMAND_FORMATS, 'formats'), help: `their format: ${TEXT_COMMAND_FORMATS.join(', ')}` },
    'drampower',
  ),
};

export type ReplayJob = JobOf<typeof REPLAY>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type ReplayInput = JobInput<typeof REPLAY>;
