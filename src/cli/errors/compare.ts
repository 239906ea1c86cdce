import { compareMaps } from '../../faults/compare-maps.ts';
import { openMap } from '../../inputs/open-chip.ts';
import { createInputRecorder } from '../../inputs/recorder.ts';
import type { CompareErrorsJob } from '../../settings/jobs/errors.ts';
import type { Everywhere } from '../command-settings.ts';
import { createRemarks } from '../remarks.ts';
import { print } from '../terminal.ts';

/** `sparkxd errors compare`: two maps side by side at one supply, or at each of several. */
export async function compareErrors(
  first: string,
  second: string,
  job: CompareErrorsJob,
  { json: asJson, quiet }: Everywhere,
): Promise<void> {
  const recorder = createInputRecorder(createRemarks(quiet || asJson));
  const { chip: a } = await openMap(job, first, 1, recorder);
  const { chip: b } = await openMap(job, second, 1, recorder);
  const comparisons = (job.supplies ?? [undefined]).map((supply) => compareMaps(a.map, b.map, supply));
  if (asJson) {
    print(`${JSON.stringify({ first, second, supplies: comparisons })}\n`);
    return;
  }
  for (const at of comparisons) {
    const contained =
      at.firstInSecond && at.secondInFirst
        ? 'the maps are the same at this supply'
        : at.firstInSecond
          ? 'the second contains the first'
          : at.secondInFirst
            ? 'the first contains the second'
            : 'neither contains the other';
    const voltages =
      at.meanDifference === undefined
        ? ''
        : `  failure voltages of shared cells: second - first ${(at.meanDifference * 1000).toFixed(3)} mV on average, ` +
          `at most ${(at.greatestDifference * 1000).toFixed(3)} mV apart\n`;
    print(
      `at ${at.supply} V: ${at.first} and ${at.second} weak cells, ${at.shared} shared ` +
        `(${at.overlap === undefined ? 'no cells' : `${(100 * at.overlap).toFixed(1)} % of either`}; ` +
        `unrelated maps would share ${at.sharedByChance.toPrecision(2)}); ${contained}\n${voltages}`,
    );
  }
}
