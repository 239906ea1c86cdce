import type { Dataset } from '../datasets/dataset.ts';
import type { ReplayResult } from '../dram/replay.ts';
import { type SupplyEffects, supplyEffects } from '../energy/effects.ts';
import { hasCurrents } from '../energy/energy-of.ts';
import { type PricedTraffic, type SavingRange, savingRange } from '../energy/saving-range.ts';
import { InputError } from '../errors/input-error.ts';
import { createTurn } from '../files/turn.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { repeatableBytes } from '../inputs/repeatable-bytes.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { uncertainOf } from '../inputs/uncertain-of.ts';
import { bankCountRows } from '../results/bank-counts.ts';
import { type EnergyCells, energyCells, saving, trafficCells } from '../results/dram-columns.ts';
import type { BankRow, OverTimeRow, ReplayRow } from '../results/tables.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { REPLAY, type ReplayInput } from '../settings/jobs/replay.ts';
import { completeJob } from '../settings/parse-job.ts';
import { requireTimeline } from '../settings/timeline.ts';
import { curveInUse } from '../sparkxd/curve-use.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';
import type { Volts } from '../units/flavours.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';
import { remarkPersistence, writeOverTime } from './over-time.ts';
import type { OpenRecording } from './recording/opened-recording.ts';
import { answersOf, readCells } from './replay/answers.ts';
import { listed } from './replay/list-wrong-reads.ts';
import { notesOf } from './replay/notes.ts';
import { openReads, type ReadPoint, type ReadsOfReplay } from './replay/reads.ts';
import { type Bench, createReplayer, type ReplayReading } from './replay/replayer.ts';
import { type WeightsAt, weightsAt } from './replay/weights-at.ts';
import { createWindows, throughOf } from './replay/windows.ts';
import { writeCommands } from './replay/write-commands.ts';
import { writeTimeline } from './replay/write-timeline.ts';

export interface ReplayOutcome {
  readonly metadata: TraceMetadata;
  readonly reading: ReplayReading;
  /** One a supply and, where reads may be wrong, chip, in the job's order: all chips at the first supply first. */
  readonly rows: readonly ReplayRow[];
  /** Row hits, misses and conflicts by bank, accesses by subarray, of each row. */
  readonly banks: readonly BankRow[];
  /** Hash of all commands at each row's supply, if the job wants it. */
  readonly hashes: readonly string[];
  /** What each row's supply changes in the trace's energy, apart: by its voltage, and by its slower timing; none without currents. */
  readonly effects: readonly SupplyEffects[];
  /** Of each row's saving, if the job wants it. */
  readonly ranges?: readonly SavingRange[];
  /** Of a recording, by the inferences since the weights were written, where flips persist and are not certain. */
  readonly over_time?: readonly OverTimeRow[];
  /** What was taken from the recording, or assumed, in words. */
  readonly notes: readonly string[];
  /** SHA-256 of all that was read, by role and name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Who else takes part in a replay; a dataset may be in memory already. */
export interface ReplayCompany {
  readonly threads?: number;
  readonly datasetOf?: (name: string) => Promise<Dataset>;
}

/**
 * Replays a trace at each supply, nominal by default, and tells which reads come back wrong, and for a recording what the
 * network makes of them; the saving is against the same trace at nominal supply. Supplies whose timing is the same in
 * cycles share one simulation. Throws InputError for a trace that cannot be read, does not fit the device or holds no
 * access, and for whatever a recording names that is gone or has changed.
 */
export async function runReplay(
  input: ReplayInput,
  monitor: PhaseMonitor = SILENT,
  { threads = 1, datasetOf }: ReplayCompany = {},
): Promise<ReplayOutcome> {
  const job = completeJob(REPLAY, input);
  requireTimeline(job.timeline, job.timelineWindow);
  const recorder = createInputRecorder(monitor.remark);
  const device = await loadDevice(job.device, recorder.models, job.latencyCurve);
  remarkDoubt(device, monitor.remark);
  const mapping = await openAddressMapping(job.addressMapping, device.organisation, recorder.note);
  const bytes = await repeatableBytes(job.trace);
  const bench: Bench = { job, bytes, device, mapping, controller: controllerOptions(job.controller) };
  const { nominal } = device.supply;
  const { supplies = [nominal], law, energyModel: model } = job;
  const io = dataPinsOf(job, device);
  const uncertain = job.range ? await uncertainOf(job.law, device, io, recorder.models) : undefined;
  try {
    const replayer = await createReplayer(bench, threads);
    try {
      const map = job.noAccuracy ? undefined : replayer.memoryMap();
      const reads = await openReads(job, map, device, mapping, recorder, datasetOf);
      const timings = new Map<Volts, ResolvedTiming>();
      for (const supply of [nominal, ...supplies])
        timings.set(supply, await timingAt(device, supply, job, recorder.models));
      const assumed = job.profile === undefined && job.weakCells === undefined && !job.replace;
      const points = await pointsOf(reads, supplies, assumed, monitor);
      const grows = points.some(({ read }) => read?.recorded?.cells !== undefined);
      const ofPersistence: string[] = [];
      if (reads?.recording) {
        remarkPersistence(job, grows, (line) => ofPersistence.push(line));
        const still = points.filter(({ read }) => read?.recorded && read.recorded.cells === undefined);
        const supplies = [...new Set(still.map(({ supply }) => supply))];
        if (job.draw === 'persistent' && grows && supplies.length > 0)
          ofPersistence.push(
            `${supplies.map((supply) => `${supply} V`).join(', ')}: no weak cell of a chip that may or may not flip, so nothing grows over time there`,
          );
      }
      requireOne(job.commands, 'file of commands', supplies.length, points.length);
      requireOne(job.wrongReads, 'list of wrong reads', supplies.length, points.length);
      requireOne(job.timeline, 'timeline', supplies.length, points.length);
      const first = timings.get(supplies[0]!)!;
      const throughFirst = () => throughOf(reads?.recording, job.trace, points[0]!.read?.recorded?.layout);
      const commandFiles =
        job.commands === undefined
          ? []
          : await writeCommands(bench, replayer, first, throughFirst(), job.commands);
      if (job.timeline !== undefined)
        await writeTimeline(bench, replayer, first, throughFirst(), job.timeline);

      const windows = createWindows(bench, replayer, reads?.recording, monitor);
      // Savings are against the same accesses at nominal supply: of weights placed anew, where these read them.
      const accurateKeys = points.map(({ read }) =>
        windows.planReference(timings.get(nominal)!, read?.recorded?.layout),
      );
      const keys = points.map(({ supply, read }) => windows.plan(timings.get(supply)!, read));
      const run = await listed(job.wrongReads, bench, tensorsAt(reads?.recording, points[0]!), (list) =>
        windows.run(list),
      );
      const answers =
        reads?.recording &&
        (await answersOf(
          reads.recording,
          points.flatMap(({ read }, i) => (read ? { read, window: run.get(keys[i]!)! } : [])),
          job,
          threads,
          monitor,
        ));
      const energyOfWindow = (window: ReplayResult, supply: Volts): EnergyCells | undefined =>
        hasCurrents(device) ? energyCells(device, window, { supply, law, model, io }) : undefined;
      const rows: ReplayRow[] = [];
      const banks: BankRow[] = [];
      const hashes: string[] = [];
      const effects: SupplyEffects[] = [];
      const ranges: SavingRange[] = [];
      const accurateEnergy = new Map(
        [...new Set(accurateKeys)].map((key) => [
          key,
          energyOfWindow(run.get(key)!.result, nominal)?.energy_per_access_pJ,
        ]),
      );
      for (const [i, { supply, chip, read }] of points.entries()) {
        const { result: window, hash } = run.get(keys[i]!)!;
        const accurate = run.get(accurateKeys[i]!)!.result;
        if (hash !== undefined) hashes.push(hash);
        const energy = energyOfWindow(window, supply);
        const range =
          uncertain &&
          savingRange({ baseline: priced(accurate), point: priced(window) }, uncertain, { supply, model });
        if (range) ranges.push(range);
        rows.push({
          ...trafficCells(device, window, supply),
          ...energy,
          ...(chip === undefined ? {} : { chip }),
          ...(read ? { ...readCells(reads!, read, window), ...answers?.get(read)?.cells } : {}),
          timing: job.timing,
          latency_curve: curveInUse(device, {
            timing: job.timing,
            latencies: true,
            profile: read && reads!.profile,
          }),
          temperature_C: job.temperature,
          ...(energy && {
            energy_saving_vs_nominal: saving(
              energy.energy_per_access_pJ,
              accurateEnergy.get(accurateKeys[i]!)!,
            ),
          }),
          ...(range && { saving_low: range.low, saving_high: range.high }),
        });
        const errors = read && { chip: read.chip, ...read.found };
        banks.push(...bankCountRows(device.organisation, supply, window.banks, errors));
        if (energy)
          effects.push(supplyEffects(device, accurate.activity, window.activity, { supply, law, model, io }));
      }
      const overTime = points.flatMap(({ read }) => (read && answers?.get(read)?.overTime) ?? []);
      if (job.overTime !== undefined) await writeOverTime(job.overTime, overTime);
      return {
        metadata: replayer.metadata,
        reading: windows.reading(),
        rows,
        banks,
        hashes,
        effects,
        ...(uncertain && { ranges }),
        ...(overTime.length > 0 && { over_time: overTime }),
        notes: [
          ...notesOf(job, reads, map, replayer.metadata),
          ...ofPersistence,
          ...unknownInWords(reads, points),
          ...(commandFiles.length > 1 ? [`commands, one file a channel: ${commandFiles.join(', ')}`] : []),
        ],
        inputs: recorder.hashes(),
      };
    } finally {
      replayer.close();
    }
  } finally {
    bytes.release();
  }
}

const priced = ({ activity, reads, writes }: ReplayResult): PricedTraffic => ({
  activity,
  units: reads + writes,
});

/** A supply and, where reads may be wrong, a chip. */
interface Point {
  readonly supply: Volts;
  readonly chip: number | 'measured' | undefined;
  /** Absent where nothing is known of the chip's cells at the supply. */
  readonly read: ReadPoint | undefined;
}

async function pointsOf(
  reads: ReadsOfReplay | undefined,
  supplies: readonly Volts[],
  assumed: boolean,
  monitor: PhaseMonitor,
): Promise<Point[]> {
  if (!reads) return supplies.map((supply) => ({ supply, chip: undefined, read: undefined }));
  monitor.begin('weak cells', supplies.length * reads.chips.length);
  const points: Point[] = [];
  const turn = createTurn();
  for (const supply of supplies)
    for (const chip of reads.chips) {
      // Energy needs no weak cells: of a supply beyond the recording's own profile it is told without them.
      const told = assumed && !(await reads.knows(supply, chip));
      points.push({ supply, chip, read: told ? undefined : await reads.at(supply, chip) });
      monitor.advance(1);
      await turn();
    }
  return points;
}

/** Supplies of which the profile says nothing, in words. */
function unknownInWords(reads: ReadsOfReplay | undefined, points: readonly Point[]): string[] {
  const unknown = [...new Set(points.filter(({ read }) => !read).map(({ supply }) => supply))];
  if (!reads || unknown.length === 0) return [];
  return [
    `${unknown.map((supply) => supply.toFixed(3)).join(', ')} V: beyond what profile ${reads.profile.name} was measured at; energy alone`,
  ];
}

/** What lies where, at a point of a recording of a layered network. */
function tensorsAt(recording: OpenRecording | undefined, { read }: Point): WeightsAt | undefined {
  const layout = read?.recorded?.layout;
  return recording?.kind === 'layers' && layout ? weightsAt(recording.memory.stored, layout.rows) : undefined;
}

/** Throws InputError where a file that is of one point would be of several. */
function requireOne(file: string | undefined, what: string, supplies: number, points: number): void {
  if (file === undefined || points === 1) return;
  throw new InputError(
    `${supplies > 1 ? `${supplies} supplies` : `${points} chips`} cannot share one ${what}`,
    { remedy: 'give a single --supply, and a single --chip' },
  );
}
