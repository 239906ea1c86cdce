import { InputError } from '../../errors/input-error.ts';
import { ERROR_MODEL_NAMES } from '../../faults/error-model.ts';
import { type MapStatistics, mapStatistics } from '../../faults/map-statistics.ts';
import type { RetentionConditions } from '../../faults/retention-conditions.ts';
import { collectWeakCells } from '../../faults/weak-cell-map.ts';
import { weakCellsAt } from '../../faults/weak-cells-at.ts';
import { writeWhole } from '../../files/write-file.ts';
import { openChip, regionOf } from '../../inputs/open-chip.ts';
import { createInputRecorder } from '../../inputs/recorder.ts';
import { writeMapFile } from '../../inputs/weak-cell-files.ts';
import { floorPlanSvg } from '../../report/floor-plan.ts';
import { type InspectErrorsJob, modelOptionsOf } from '../../settings/jobs/errors.ts';
import type { Interval } from '../../stats/interval.ts';
import type { Everywhere } from '../command-settings.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { WEAK_BANKS, WEAK_CELLS, WEAK_LINES } from '../table-columns.ts';
import { print } from '../terminal.ts';

const DEFAULT_SUPPLY = 1.1;

/** `sparkxd errors`: makes or imports a chip, prints statistics at each supply, exports and draws at the lowest. */
export async function inspectErrors(
  job: InspectErrorsJob,
  { json: asJson, quiet }: Everywhere,
): Promise<void> {
  const request = { ...job, modelOptions: modelOptionsOf(job) };
  const { device, profile, chip, lowest, highest } = await openChip(
    request,
    createInputRecorder(createRemarks(quiet || asJson)),
  );
  const region = regionOf(device, job.banks, job.rows);
  const conditions = retentionConditions(job);
  if (conditions && job.export !== undefined)
    throw new InputError('retention errors have no failure voltage to export', {
      remedy: 'leave out --refresh-interval, or --export',
    });
  const supplies = job.supplies ?? [
    DEFAULT_SUPPLY >= lowest && DEFAULT_SUPPLY <= highest ? DEFAULT_SUPPLY : lowest,
  ];
  // Asked for each supply before the long work begins, so that a bad one is refused at once.
  for (const supply of supplies) weakCellsAt(chip, supply, conditions);

  const least = Math.min(...supplies);
  const map = collectWeakCells(weakCellsAt(chip, least, conditions), device.supply.nominal, least, region);
  const statistics = supplies.map((supply) => {
    // Retention errors change with the supply other than through failure voltages: list them anew.
    const cells = conditions
      ? collectWeakCells(weakCellsAt(chip, supply, conditions), device.supply.nominal, supply, region)
      : map;
    return { supply, ...mapStatistics(cells, region, supply) };
  });
  if (job.export !== undefined) await writeMapFile(job.export, map);
  const worst = statistics[supplies.indexOf(least)]!;
  const who =
    chip.kind === 'measured'
      ? { map: job.weakCells }
      : {
          profile: profile.name,
          member: chip.member.name,
          model: chip.model,
          seed: job.seed,
          chip: job.chip,
        };
  if (job.picture !== undefined) {
    const name = chip.kind === 'measured' ? job.weakCells : `${profile.name}, chip ${job.chip}`;
    const title = `${device.name}, ${name}: weak cells at ${least} V`;
    await writeWhole(job.picture, floorPlanSvg(worst.subarrays, title));
  }
  if (asJson) {
    print(
      `${JSON.stringify({ device: device.name, ...who, lowest_supply_V: lowest, ...(conditions ?? {}), supplies: statistics })}\n`,
    );
    return;
  }
  const described =
    chip.kind === 'measured'
      ? `map ${job.weakCells}, taken to list every cell that fails at ${lowest} V and above`
      : `profile ${profile.name}, module ${chip.member.name}, chip ${job.chip} of seed ${job.seed}, ` +
        `error model ${chip.model.id} (${ERROR_MODEL_NAMES[chip.model.id]})`;
  print(`${device.name}: ${described}\n\n`);
  print(
    formatTable(
      WEAK_CELLS,
      statistics.map((at) => [
        String(at.supply),
        at.weak.toLocaleString('en'),
        rate(at.share.estimate),
        interval(at.share),
        rate(at.ber),
        `${at.subarrays.filter(({ weak }) => weak > 0).length} of ${at.subarrays.length}`,
        ratio(at.rows.dispersion),
        ratio(at.bitlines.dispersion),
      ]),
    ),
  );
  print(`\nbanks at ${least} V\n${partTable(worst)}`);
  print(`\nrows and bitlines with the most weak cells at ${least} V\n${lineTable(worst)}`);
}

/** Temperature at which Voltron tested voltages, and at which retention is taken by default. */
const ROOM_TEMPERATURE = 20;

/** Refresh conditions, when the job names any. */
function retentionConditions({
  refreshInterval,
  temperature,
}: InspectErrorsJob): RetentionConditions | undefined {
  if (refreshInterval !== undefined)
    return { refreshInterval_ms: refreshInterval, temperature_C: temperature ?? ROOM_TEMPERATURE };
  if (temperature === undefined) return undefined;
  throw new InputError('a temperature without a refresh interval changes nothing', {
    remedy: 'add --refresh-interval MS (64 is the standard one)',
  });
}

function partTable({ banks, subarrays }: MapStatistics): string {
  return formatTable(
    WEAK_BANKS,
    banks.map((bank) => {
      const own = subarrays.filter(
        (part) => part.bank === bank.bank && part.rank === bank.rank && part.channel === bank.channel,
      );
      const ordered = own.toSorted((a, b) => a.share.estimate - b.share.estimate);
      const [best, worst] = [ordered[0]!, ordered.at(-1)!];
      return [
        bankName(bank),
        bank.weak.toLocaleString('en'),
        rate(bank.share.estimate),
        interval(bank.share),
        String(best.subarray),
        rate(best.share.estimate),
        String(worst.subarray),
        rate(worst.share.estimate),
      ];
    }),
  );
}

function lineTable({ rows, bitlines }: MapStatistics): string {
  const lines = [
    ...rows.worst.slice(0, 3).map((line) => ({ kind: 'row', ...line })),
    ...bitlines.worst.slice(0, 3).map((line) => ({ kind: 'bitline', ...line })),
  ];
  return formatTable(
    WEAK_LINES,
    lines.map((line) => [
      line.kind,
      String(line.line),
      bankName(line),
      String(line.subarray),
      String(line.weak),
      String(line.cells),
      interval(line.share),
    ]),
  );
}

const bankName = ({ channel, rank, bank }: { channel: number; rank: number; bank: number }): string =>
  channel === 0 && rank === 0 ? String(bank) : `${channel}.${rank}.${bank}`;

const rate = (value: number): string => (value === 0 ? '0' : value.toExponential(2));
const ratio = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(2));
const interval = ({ low, high }: Interval): string => `${rate(low)} to ${rate(high)}`;
