import { escapeControls } from '../../errors/printable.ts';
import { type DamagedRow, runWeightsDamage } from '../../experiments/weights-damage.ts';
import type { WeightsDamageJob } from '../../settings/jobs/weights-damage.ts';
import type { Everywhere } from '../command-settings.ts';
import { placementLines } from '../placement-lines.ts';
import { rateInWords } from '../rate-in-words.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { DAMAGED_TENSORS } from '../table-columns.ts';
import { note, print } from '../terminal.ts';

/** Names that a note lists; a checkpoint may have thousands. */
const MOST_NAMED = 12;

/** `sparkxd weights damage`: writes the tensors and prints what became of each. */
export async function damageWeights(job: WeightsDamageJob, { json, quiet }: Everywhere): Promise<void> {
  const said = new Set<string>();
  const { use, ...outcome } = await runWeightsDamage(
    job,
    createRemarks(quiet || json, () => {}, said),
  );
  if (json) {
    print(`${JSON.stringify({ ...outcome, remarks: [...said] })}\n`);
    return;
  }
  const count = (n: number): string => n.toLocaleString('en');
  print(formatTable(DAMAGED_TENSORS, outcome.tensors.map(cells)));
  const sum = (of: (row: DamagedRow) => number): number =>
    outcome.tensors.reduce((total, row) => total + of(row), 0);
  const uncorrectable = sum((row) => row.uncorrectable_words);
  const zeroed = sum((row) => row.zeroed_weights);
  print(
    [
      `at ${outcome.supply_V} V, chip ${outcome.chip}, mapping ${outcome.mapping}: ${count(sum((row) => row.flipped_bits))} bits of ${count(sum((row) => row.stored_bytes))} bytes in ${count(outcome.dram_rows)} DRAM rows flipped, ${count(sum((row) => row.weights_changed))} weights changed`,
      ...(uncorrectable > 0 ? [`${count(uncorrectable)} words with wrong bits that could only be seen`] : []),
      ...(zeroed > 0 ? [`${count(zeroed)} weights set to zero by their parity`] : []),
      `expected bit error rate: ${rateInWords(outcome.ber_placed)} where the tensors lie, ${rateInWords(outcome.ber_chip)} over the chip`,
      ...placementLines(job.mapping, use, job.berLimit),
      `written: ${[outcome.out, job.flips, job.masks].filter((file) => file !== undefined).join(', ')}`,
      '',
    ].join('\n'),
  );
  if (quiet) return;
  if (outcome.untouched.length > 0) note(`not stored, as they were: ${named(outcome.untouched)}\n`);
  if (outcome.left_out.length > 0) note(`left out: ${named(outcome.left_out)}\n`);
}

function cells(row: DamagedRow): string[] {
  return [
    escapeControls(row.tensor),
    row.shape.join(' x ') || 'scalar',
    row.type,
    row.format,
    String(row.stored_bytes),
    String(row.weak_cells),
    String(row.flipped_bits),
    rateInWords(row.ber_observed),
    String(row.weights_changed),
    String(row.corrected_words),
    String(row.repaired_weights),
    row.dram_energy_per_load_nJ?.toFixed(1) ?? '',
  ];
}

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return escapeControls(`${names.slice(0, MOST_NAMED).join(', ')}${more}`);
}
