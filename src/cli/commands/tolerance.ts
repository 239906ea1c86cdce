import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { ToleranceOutcome } from '../../experiments/run-tolerance.ts';
import type { ErrorModelId } from '../../faults/error-model.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../../snn/weight-format.ts';
import { LOAD_REPAIRS, type LoadRepair } from '../../sparkxd/repair-on-load.ts';
import type { ToleranceTrial } from '../../sparkxd/tolerance.ts';
import { errorModelId, fraction, oneOf, wholeNumber } from '../option-values.ts';
import { createPhaseBar } from '../progress.ts';
import { formatTable } from '../table.ts';

interface ToleranceOptions {
  readonly weights: string;
  readonly dataset: string;
  readonly bers: number[];
  readonly format: WeightFormat;
  readonly repair: LoadRepair;
  readonly prior?: string;
  readonly errorModel: ErrorModelId;
  readonly device: string;
  readonly bound: number;
  readonly trials: number;
  readonly precision: number;
  readonly images?: number;
  readonly byBit?: boolean;
  readonly byInputs?: number;
  readonly seed: number;
  readonly jobs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .option('--weights <FILE>', 'trained network: a safetensors file or a shipped name', 'n400-mnist')
    .option('--dataset <NAME|DIR>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option('--bers <LIST>', 'bit error rates of the curve', rates, [1e-5, 1e-4, 1e-3, 1e-2, 1e-1])
    .option('--format <NAME>', WEIGHT_FORMATS.join(', '), oneOf(WEIGHT_FORMATS, 'formats'), 'fp32')
    .option('--repair <NAME>', LOAD_REPAIRS.join(', '), oneOf(LOAD_REPAIRS, 'policies'), 'clamp')
    .option('--prior <FILE>', 'with --repair context: another trained network, a file or a shipped name')
    .option('--error-model <ID>', 'EDEN: 0 uniform, 1 bitline, 2 wordline, 3 data-dependent', errorModelId, 0)
    .option('--device <NAME|FILE>', 'DRAM device whose lines models 1 to 3 know', 'lpddr3-1600-4gb-sparkxd')
    .option('--bound <SHARE>', 'accuracy that may be lost', fraction, 0.01)
    .option('--trials <N>', 'masks of errors at each rate, at most', wholeNumber(2), 16)
    .option('--precision <SHARE>', 'half-width of the interval at which to stop earlier', fraction, 0.0025)
    .option('--images <N>', 'images of either split (default: all)', wholeNumber(1))
    .option('--by-bit', 'also flip each bit position alone, at the highest rate')
    .option(
      '--by-inputs <GROUPS>',
      'also damage one group of inputs alone (by the sum of their weights), at the highest rate',
      wholeNumber(2),
    )
    .option('--seed <N>', 'seed of the masks and of the input spikes', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--json', 'print everything as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd tolerance --weights n400-mnist --bers 1e-4,1e-3,1e-2 --bound 1% --repair clamp',
    )
    .action(tolerance);
}

function rates(text: string): number[] {
  return text.split(',').map((word) => {
    const rate = word.trim() === '' ? Number.NaN : Number(word);
    if (!(rate > 0 && rate <= 1))
      throw new InvalidArgumentError('expected rates such as 1e-4,1e-3, above 0, at most 1.');
    return rate;
  });
}

async function tolerance(options: ToleranceOptions): Promise<void> {
  const { runTolerance } = await import('../../experiments/run-tolerance.ts');
  const { weights, dataset, bers, format, repair, errorModel, device, bound, trials, precision, images } =
    options;
  const { prior, seed, jobs } = options;
  const bar = createPhaseBar(options.quiet);
  try {
    const outcome = await runTolerance(
      {
        ...{ weights, dataset, bers, format, repair, errorModel, device, bound, seed },
        byBit: options.byBit ?? false,
        ...(prior === undefined ? {} : { prior }),
        rule: { fewest: Math.min(4, trials), most: trials, precision },
        ...(images === undefined ? {} : { images }),
        ...(options.byInputs === undefined ? {} : { inputGroups: options.byInputs }),
      },
      jobs,
      bar,
    );
    bar.done();
    process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome, bound));
  } finally {
    bar.done();
  }
}

const percent = (share: number): string => (share * 100).toFixed(2);

function forPeople(
  { clean, curve, search, confirmation, byBit, byBitBer, byInputs }: ToleranceOutcome,
  bound: number,
): string {
  const table = (heading: string, rows: readonly (readonly [string, ToleranceTrial])[]): string =>
    formatTable(
      [
        { heading },
        { heading: 'accuracy', unit: '%' },
        { heading: 'interval', unit: '95 %, over masks' },
        { heading: 'lost', unit: 'points' },
        { heading: 'masks' },
      ],
      rows.map(([name, { interval, accuracies }]) => [
        name,
        percent(interval.estimate),
        `${percent(interval.low)} to ${percent(interval.high)}`,
        percent(clean.accuracy - interval.estimate),
        String(accuracies.length),
      ]),
    );
  const found =
    search.ber === 0
      ? `no bit error rate from ${search.failing} on keeps the validation accuracy within ${percent(bound)} points`
      : `maximum tolerable bit error rate for ${percent(bound)} points: ${search.ber.toExponential(2)} (on the validation images, for one more mask with 97.5 % confidence)`;
  const confirmed = confirmation
    ? `on the test images it ${confirmation.holds ? 'holds' : 'does not hold'}: ${percent(confirmation.interval.estimate)} % (${percent(confirmation.interval.low)} to ${percent(confirmation.interval.high)}), ${percent(clean.accuracy)} % without errors`
    : undefined;
  return [
    table(
      'BER',
      curve.map((trial) => [trial.ber.toExponential(1), trial]),
    ),
    ...(byBit
      ? [
          `only this bit of each weight, at ${byBitBer!.toExponential(1)}:`,
          table(
            'bit',
            byBit.map((trial, bit) => [String(bit), trial]),
          ),
        ]
      : []),
    ...(byInputs
      ? [
          `only the weights of this group of inputs (1: the smallest weights), at ${byBitBer!.toExponential(1)}:`,
          table(
            'group',
            byInputs.map((trial, group) => [String(group + 1), trial]),
          ),
        ]
      : []),
    found,
    ...(confirmed ? [confirmed] : []),
    '',
  ].join('\n');
}
