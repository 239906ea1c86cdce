import { type ExplainedWeight, explainWeights } from '../../experiments/explain-weights.ts';
import { writeWhole } from '../../files/write-file.ts';
import { toCsv } from '../../results/csv.ts';
import type { ExplainErrorsJob } from '../../settings/jobs/errors.ts';
import type { Everywhere } from '../command-settings.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { FLIPPED_BITS } from '../table-columns.ts';
import { print } from '../terminal.ts';

/** `sparkxd errors explain`: every bit of a network's weights that a chip flips, and what it does to the weight. */
export async function explainErrors(
  job: ExplainErrorsJob,
  { json: asJson, quiet }: Everywhere,
): Promise<void> {
  const { weights, format, limit, csv } = job;
  for (const { supply, flips, bits } of await explainWeights(job, createRemarks(quiet || asJson))) {
    if (csv !== undefined) await writeWhole(csv, await toCsv(CSV_COLUMNS, flips.map(csvRow)));
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

const CSV_COLUMNS = [
  'input',
  'neuron',
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

const csvRow = (flip: ExplainedWeight): (string | number)[] => [
  flip.input,
  flip.neuron,
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

function flipTable(flips: readonly ExplainedWeight[]): string {
  return formatTable(
    FLIPPED_BITS,
    flips.map((flip) => [
      String(flip.input),
      String(flip.neuron),
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
