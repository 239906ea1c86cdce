import {
  type ExplainedLayerWeight,
  type ExplainedWeight,
  explainWeights,
} from '../../experiments/explain-weights.ts';
import { writeWhole } from '../../files/write-file.ts';
import { toCsv } from '../../results/csv.ts';
import type { ExplainErrorsJob } from '../../settings/jobs/errors.ts';
import type { Everywhere } from '../command-settings.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { FLIPPED_BITS, FLIPPED_LAYER_BITS } from '../table-columns.ts';
import { print } from '../terminal.ts';

/** `sparkxd errors explain`: every bit of a network's weights that a chip flips, and what it does to the weight. */
export async function explainErrors(
  job: ExplainErrorsJob,
  { json: asJson, quiet }: Everywhere,
): Promise<void> {
  const { weights, format, limit, csv } = job;
  for (const { supply, flips, bits } of await explainWeights(job, createRemarks(quiet || asJson))) {
    if (csv !== undefined) await writeWhole(csv, await toCsv(csvColumns(flips), flips.map(csvRow)));
    if (asJson) {
      print(`${JSON.stringify({ supply, bits, flipped_bits: flips.length, flips })}\n`);
      continue;
    }
    print(
      `at ${supply} V: ${flips.length.toLocaleString('en')} of ${bits.toLocaleString('en')} bits of ${weights} in ${format} flip\n`,
    );
    if (flips.length > 0) print(flipTable(flips.slice(0, limit)));
    if (flips.length > limit)
      print(`... and ${(flips.length - limit).toLocaleString('en')} more (--limit, --csv)\n`);
  }
}

type Flip = ExplainedWeight | ExplainedLayerWeight;

/** Which weight a flip is of: in one matrix by input and neuron, in layers by tensor, row and weight of the row. */
const ofLayers = (flips: readonly Flip[]): boolean => flips[0] !== undefined && 'tensor' in flips[0];
const weightOf = (flip: Flip): (string | number)[] =>
  'tensor' in flip ? [flip.tensor, flip.tensorRow, flip.column] : [flip.input, flip.neuron];

const csvColumns = (flips: readonly Flip[]): string[] => [
  ...(ofLayers(flips) ? ['tensor', 'tensor_row', 'column'] : ['input', 'neuron']),
  'bit',
  'role',
  'stored',
  'read',
  'channel',
  'rank',
  'bank',
  'subarray',
  'row',
  'bit_of_row',
];

const csvRow = (flip: Flip): (string | number)[] => [
  ...weightOf(flip),
  flip.bitOfWeight,
  flip.role,
  flip.stored,
  flip.read,
  flip.channel,
  flip.rank,
  flip.bank,
  flip.subarray,
  flip.row,
  flip.bitOfRow,
];

function flipTable(flips: readonly Flip[]): string {
  return formatTable(
    ofLayers(flips) ? FLIPPED_LAYER_BITS : FLIPPED_BITS,
    flips.map((flip) => [
      ...weightOf(flip).map(String),
      String(flip.bitOfWeight),
      flip.role,
      flip.stored.toPrecision(6),
      flip.read.toPrecision(6),
      String(flip.bank),
      String(flip.subarray),
      String(flip.row),
      String(flip.bitOfRow),
    ]),
  );
}
