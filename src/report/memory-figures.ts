import { createOrderedMapping } from '../dram/address-mapping.ts';
import { type CommandLog, replay } from '../dram/replay.ts';
import { InputError } from '../errors/input-error.ts';
import { type ReopenedRun, reopenRun } from '../experiments/reopen-run.ts';
import { bankLevels, subarrayAt } from '../hardware/bank-index.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { WithChips } from '../inputs/open-memory.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { placedBytes } from '../mapping/placed-bytes.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { weightReads } from '../mapping/requests.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';
import type { HeldWeights } from '../sparkxd/held-weights.ts';
import type { StoredTensors } from '../sparkxd/stored-tensors.ts';
import type { WeightMemory } from '../sparkxd/weight-memory.ts';
import type { Volts } from '../units/flavours.ts';
import { commandTimelineSvg, type TimedCommand } from './command-timeline.ts';
import { fieldsFigure } from './fields-figure.ts';
import type { Figure } from './figure.ts';
import { type PlacedTile, placementPlanSvg } from './floor-plan.ts';
import type { Markup } from './markup.ts';

/** A figure before it is drawn. */
type Heading = Omit<Figure, 'pictures' | 'absent'>;

const PLAN: Heading = {
  id: 'floor-plan',
  title: 'The chip and where the weights lie',
  description:
    "Banks of the run's first chip side by side, their subarrays from row 0 downwards, at the lowest supply. The colour is the expected bit error rate of the subarray (of a measured map: that of the cells it lists); outlined subarrays hold weights.",
};
const FIELDS: Heading = {
  id: 'receptive-fields',
  title: 'Receptive fields, clean and as the chip gives them back',
  description:
    'Weights of the first neurons as trained, and as the first chip gives them back at the lowest supply under each mapping, after the repair on load. White is 0, black is 1; red are weights that no training makes (not a number, below 0, above 1).',
};
const TIMELINE: Heading = {
  id: 'command-timeline',
  title: 'The first DRAM commands, bank by bank',
  description:
    'What the controller issues at the start of the first inference on the first chip, under the last mapping, at the highest and the lowest supply; one axis of time for both. Lanes are banks (channel.rank.bank where there are several); a mark says its cycle and row.',
};

/** Widths of a timeline, pixels: on a screen, which scrolls, and of a page of a paper (516 points). */
const SCREEN_WIDTH = 2000;
const PAPER_WIDTH = 688;

/** Commands a timeline shows: with LPDDR3-1600 they reach past the first refresh. */
const SHOWN_COMMANDS = 900;

/**
 * Floor plan, receptive fields and command timeline of a run, made again from its manifest (the file's text). A figure
 * that cannot be made says why.
 */
export async function memoryFigures(manifest: string): Promise<Figure[]> {
  try {
    const run = await reopenRun(manifest);
    const { job, memory, matrix } = run;
    const lowest = Math.min(...job.supplies);
    const held = <S extends StoredTensors, W>(from: WeightMemory<S, W> & WithChips): Held<W>[] =>
      job.mappings.map((mapping) => ({ ...from.hold(from.at(1, lowest, mapping)), mapping }));
    const fields = matrix
      ? fieldsFigure(FIELDS, matrix.network, held(matrix.memory), `${lowest} V`)
      : { ...FIELDS, pictures: [], absent: 'the network has layers, whose weights are no pictures' };
    return [
      { ...PLAN, pictures: floorPlans(memory, held(memory), lowest) },
      fields,
      { ...TIMELINE, ...(await timelines(run)) },
    ];
  } catch (error) {
    return absentFigures(reasonOf(error));
  }
}

/** The same sections where they cannot be made, each with the reason. */
export const absentFigures = (absent: string): Figure[] =>
  [PLAN, FIELDS, TIMELINE].map((heading) => ({ ...heading, pictures: [], absent }));

type Held<W> = HeldWeights<W> & { readonly mapping: MappingPolicy };

/** The user's fault in one line; a fault of the program is no reason to leave a figure out. */
function reasonOf(error: unknown): string {
  if (!(error instanceof InputError)) throw error;
  return error.place ? `${error.what} (${error.place.file})` : error.what;
}

/** A floor plan a mapping. */
function floorPlans(memory: ReopenedRun['memory'], held: readonly Held<unknown>[], supply: Volts): Markup[] {
  const { organisation, name } = memory.device;
  const ber = memory.errorRates(memory.chip(1), supply);
  const levels = bankLevels(organisation);
  return held.map(({ mapping, placement }) => {
    const bytes = placedBytes(placement, organisation);
    const tiles = Array.from(ber, (rate, i): PlacedTile => {
      const { channel, rank, bank, subarray } = subarrayAt(levels, i);
      return { channel, rank, bank, subarray, ber: rate, placedBytes: bytes.get(i) ?? 0 };
    });
    return placementPlanSvg(tiles, `${name} at ${supply} V, mapping ${mapping}`);
  });
}

/** The start of the first inference under the last mapping, at the highest and at the lowest supply, on one axis. */
async function timelines(run: ReopenedRun): Promise<Pick<Figure, 'pictures' | 'paper'>> {
  const { job, memory, models } = run;
  const { device } = memory;
  const mapping = job.mappings.at(-1)!;
  const fetches = run.firstFetches();
  const supplies = [...new Set([Math.max(...job.supplies), Math.min(...job.supplies)])];
  const windows = await Promise.all(
    supplies.map(async (supply) => {
      const placement = memory.place(memory.at(1, supply, mapping));
      const timing = await timingAt(device, supply, job, models);
      return { supply, commands: firstCommands(run, placement, timing, fetches) };
    }),
  );
  const cycles = Math.max(1, ...windows.map(({ commands }) => commands.at(-1)?.cycle ?? 0));
  const drawn = (width: number): Markup[] =>
    windows.map(({ supply, commands }) => {
      const title = `${supply} V, mapping ${mapping}: the first ${commands.length} commands`;
      return commandTimelineSvg(commands, { title, cycles, clock: device.clock, width });
    });
  return { pictures: drawn(SCREEN_WIDTH), paper: drawn(PAPER_WIDTH) };
}

/** What the controller issues for these rows, up to so many commands, in order of time over all channels. */
function firstCommands(
  { memory, job }: ReopenedRun,
  placement: Placement,
  timing: ResolvedTiming,
  fetches: Uint32Array,
): TimedCommand[] {
  const { organisation } = memory.device;
  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const runs = weightRowRuns(memory.stored.layout, placement, organisation, addresses);
  const source = weightReads([fetches], runs, bytesPerBurst(organisation));
  const kept = Array.from({ length: organisation.channels }, (): TimedCommand[] => []);
  const log: CommandLog = (cycle, command, rank, bank, row, _column, channel) => {
    const own = kept[channel]!;
    if (own.length < SHOWN_COMMANDS) own.push({ cycle, command, channel, rank, bank, row });
  };
  replay(organisation, timing, controllerOptions(job.controller), addresses, source, log);
  return kept
    .flat()
    .sort((a, b) => a.cycle - b.cycle)
    .slice(0, SHOWN_COMMANDS);
}
