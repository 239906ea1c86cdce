import { ERROR_MODEL_NAMES } from '../../faults/error-model.ts';
import { fitErrorModel, type ModelFit } from '../../faults/fit-model.ts';
import { cellsOf, collectWeakCells } from '../../faults/weak-cell-map.ts';
import { weakCellsAt } from '../../faults/weak-cells-at.ts';
import { openMap, regionOf } from '../../inputs/open-chip.ts';
import { createInputRecorder } from '../../inputs/recorder.ts';
import type { FitErrorsJob } from '../../settings/jobs/errors.ts';
import type { Interval } from '../../stats/interval.ts';
import type { Everywhere } from '../command-settings.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { ERROR_MODELS } from '../table-columns.ts';
import { print } from '../terminal.ts';

/** `sparkxd errors fit`: the likeliest error model of a measured map, or of a part of it. */
export async function fitErrors(
  file: string,
  job: FitErrorsJob,
  { json: asJson, quiet }: Everywhere,
): Promise<void> {
  const { device, chip, lowest } = await openMap(
    job,
    file,
    1,
    createInputRecorder(createRemarks(quiet || asJson)),
  );
  const region = regionOf(device, job.banks, job.rows);
  const supplies = job.supplies ?? [lowest];
  const fits = supplies.map((supply) => {
    const map = collectWeakCells(weakCellsAt(chip, supply), device.supply.nominal, supply, region);
    return { supply, ...fitErrorModel(map, supply, job.reads, cellsOf(map.shape, region)) };
  });
  if (asJson) {
    print(`${JSON.stringify({ map: file, supplies: fits })}\n`);
    return;
  }
  for (const { supply, weak, share, best, models } of fits) {
    print(
      `at ${supply} V: ${weak.toLocaleString('en')} weak cells, share ${range(share, 2)}; ` +
        `most likely error model ${best} (${ERROR_MODEL_NAMES[best]})\n`,
    );
    print(
      formatTable(
        ERROR_MODELS,
        models.map((model) => [
          `${model.id} ${ERROR_MODEL_NAMES[model.id]}`,
          model.logLikelihoodRatio.toFixed(1),
          model.score.toFixed(1),
          parameters(model),
        ]),
      ),
    );
  }
}

function parameters({ spread, flip, flipCharged, flipDischarged, antiRows }: ModelFit): string {
  const parts: string[] = [];
  if (spread) parts.push(`spread ${range(spread, 2)}`);
  if (flip) parts.push(`F ${range(flip, 3)}`);
  if (flipCharged) parts.push(`F charged ${range(flipCharged, 3)}`);
  if (flipDischarged) parts.push(`F discharged ${range(flipDischarged, 3)}`);
  if (antiRows) parts.push(`anti cells: ${antiRows}`);
  return parts.join(', ');
}

const range = ({ estimate, low, high }: Interval, digits: number): string =>
  `${estimate.toPrecision(digits)} (${low.toPrecision(digits)} to ${high.toPrecision(digits)})`;
