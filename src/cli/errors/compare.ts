import { modelFiles } from '../../experiments/model-files.ts';
import { readMapFile } from '../../experiments/weak-cell-files.ts';
import { compareMaps } from '../../faults/compare-maps.ts';
import { mapShape } from '../../faults/weak-cell-map.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import { loadVoltageProfile } from '../../hardware/load-voltage-profile.ts';
import type { ErrorsOptions } from '../commands/errors.ts';

/** `sparkxd errors compare`: two maps side by side at one supply, or at each of several. */
export async function compareErrors(first: string, second: string, options: ErrorsOptions): Promise<void> {
  const device = await loadDevice(options.device, modelFiles);
  const profile = await loadVoltageProfile(options.profile, modelFiles);
  const { nominal } = device.supply;
  const profileLowest = Math.min(...profile.members.map(({ curve }) => curve.voltages[0]!));
  const context = {
    shape: mapShape(device.organisation),
    nominal,
    lowest: options.lowestSupply ?? (profileLowest * nominal) / profile.nominal,
  };
  const a = await readMapFile(first, context);
  const b = await readMapFile(second, context);
  const comparisons = (options.supply ?? [undefined]).map((supply) => compareMaps(a, b, supply));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ first, second, supplies: comparisons })}\n`);
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
    process.stdout.write(
      `at ${at.supply} V: ${at.first} and ${at.second} weak cells, ${at.shared} shared ` +
        `(${at.overlap === undefined ? 'no cells' : `${(100 * at.overlap).toFixed(1)} % of either`}; ` +
        `unrelated maps would share ${at.sharedByChance.toPrecision(2)}); ${contained}\n${voltages}`,
    );
  }
}
