import { createProtocolChecker } from '../dram/checker.ts';
import { activityFromCommands, type ForbiddenCommand } from '../energy/activity-from-commands.ts';
import { type CommandEnergies, commandEnergies, conditionEnergies } from '../energy/command-energies.ts';
import { withCurrents } from '../energy/current-set.ts';
import { type EnergyModel, type EnergyOptions, energyOf } from '../energy/energy-of.ts';
import type { Ledger } from '../energy/ledger.ts';
import { railVoltage } from '../energy/voltage-law.ts';
import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
import type { DataPins, Device } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { channelTraces } from '../inputs/channel-traces.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { POWER, type PowerInput } from '../settings/jobs/power.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { CommandTraceFormat } from '../trace/command-trace-formats.ts';
import type { Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';
import { nanosecondsOf } from '../units/scale.ts';
import { readCommands } from './read-commands.ts';

/** Energy of the trace at one supply. */
export interface PowerPoint {
  readonly supply: Volts;
  /** Voltage of each rail, in the ledger's order. */
  readonly railVoltages: readonly Volts[];
  readonly ledger: Ledger;
  readonly commands: CommandEnergies;
  readonly conditions: Conditions<Picojoules>;
  /** Total over accesses; undefined without accesses. */
  readonly perAccess: Picojoules | undefined;
  /** mW: energy over the window. */
  readonly averagePower: number;
  /** Savings against the same commands at nominal supply, as shares. */
  readonly savings: { readonly total: number; readonly conditions: Conditions<number> };
  /** Total energy with each other public set of currents; undefined where that set lacks a current. */
  readonly otherCurrents: Readonly<Record<string, Picojoules | undefined>>;
}

export interface Conditions<T> {
  readonly hit: T;
  readonly miss: T;
  readonly conflict: T;
}

export interface PowerOutcome {
  readonly device: Device;
  readonly model: EnergyModel;
  /** Format of the traces; several where they differ. */
  readonly format: string;
  /** Channels whose traces were given: the energy is theirs. */
  readonly channels: number;
  /** The ranks of all of them, channel by channel. */
  readonly activity: ChannelActivity;
  readonly time: Nanoseconds;
  readonly counts: CommandCounts;
  readonly points: readonly PowerPoint[];
  /** Rules of the device's protocol at nominal supply that the trace breaks: what `check` lists. */
  readonly violations: number;
  readonly skipped: SkippedCommands;
  readonly io: DataPins | undefined;
}

/** Commands that were left out, because the state of the device forbids them (`--lenient`). */
export interface SkippedCommands {
  /** How many, by their names. */
  readonly counts: Readonly<Record<string, number>>;
  readonly first: ForbiddenCommand | undefined;
}

/** Commands of all channels; a PREA or an auto-precharge counts as a PRE for each bank that it closes. */
export interface CommandCounts {
  readonly ACT: number;
  readonly PRE: number;
  readonly RD: number;
  readonly WR: number;
  readonly REFab: number;
  readonly REFpb: number;
}

/**
 * Energy of the command traces of a memory's channels at each supply. The commands keep their cycles, so what differs between supplies is the
 * voltage's effect alone; `replay` schedules anew and shows what slower timing costs. Throws InputError for a trace
 * that cannot be read or that the device's states forbid, and for an energy that cannot be known.
 */
export async function runPower(input: PowerInput): Promise<PowerOutcome> {
  const job = completeJob(POWER, input);
  const device = withCurrents(await loadDevice(job.device, modelFiles), job.currents);
  const { nominal } = device.supply;
  const { subarrays } = job;
  const timing = await timingAt(device, nominal, { timing: 'nominal', subarrays }, modelFiles);

  let violations = 0;
  const skipped: Record<string, number> = {};
  let firstSkipped: ForbiddenCommand | undefined;
  const skip = (forbidden: ForbiddenCommand): void => {
    firstSkipped ??= forbidden;
    skipped[forbidden.name] = (skipped[forbidden.name] ?? 0) + 1;
  };

  const traces = await channelTraces([job.commands].flat(), device);
  const formats = new Set<CommandTraceFormat>();
  const activities: ChannelActivity[] = [];
  try {
    await traces.forEach((source, channel) => {
      const checker = createProtocolChecker(device.organisation, timing);
      let last = 0;
      const checked = function* (commands: Iterable<DramCommand>): Generator<DramCommand> {
        for (const command of commands) {
          violations += checker.check(command).length;
          last = command.cycle;
          yield command;
        }
      };
      const trace = readCommands(source, device, job);
      formats.add(trace.format);
      activities[channel] = activityFromCommands(device, timing, checked(trace.commands), {
        file: source.file,
        endCycle: () => job.endCycle ?? trace.endCycle(),
        ...(job.lenient ? { onForbidden: skip } : {}),
      });
      violations += checker.end(trace.endCycle() ?? last).length;
    });
    // All channels are there until the last of them is done.
    const cycles = Math.max(...activities.map((activity) => activity.cycles));
    if (activities.some((activity) => activity.cycles < cycles))
      await traces.forEach((source, channel) => {
        if (activities[channel]!.cycles === cycles) return;
        const { commands } = readCommands(source, device, job);
        activities[channel] = activityFromCommands(device, timing, commands, {
          file: source.file,
          endCycle: () => cycles,
          ...(job.lenient ? { onForbidden() {} } : {}),
        });
      });
  } finally {
    traces.release();
  }
  const activity = allChannels(activities);

  const counts = countCommands(activity);
  const time = nanosecondsOf(activity.cycles, device.clock);
  const io = dataPinsOf(job, device);
  const at = (supply: Volts, reference?: PowerPoint): PowerPoint => {
    const { law, energyModel: model, rho } = job;
    const options: EnergyOptions = { supply, law, model, rho, io };
    const ledger = energyOf(device, activity, options);
    const commands = commandEnergies(device, options);
    const conditions = conditionEnergies(commands);
    const accesses = counts.RD + counts.WR;
    return {
      supply,
      railVoltages: [
        ...device.rails.map((rail) => railVoltage(device, rail, supply)),
        ...(io ? [io.voltage] : []),
      ],
      ledger,
      commands,
      conditions,
      perAccess: accesses > 0 ? ledger.total / accesses : undefined,
      averagePower: time > 0 ? ledger.total / time : 0,
      savings: {
        total: saving(ledger.total, reference?.ledger.total),
        conditions: {
          hit: saving(conditions.hit, reference?.conditions.hit),
          miss: saving(conditions.miss, reference?.conditions.miss),
          conflict: saving(conditions.conflict, reference?.conditions.conflict),
        },
      },
      otherCurrents: bandOf(device, activity, options),
    };
  };
  const accurate = at(nominal);
  const points = (job.supplies ?? [nominal]).map((supply) => at(supply, accurate));
  return {
    ...{ device, format: [...formats].join(', '), channels: traces.count, activity },
    ...{ time, counts, points, violations, io },
    model: job.energyModel,
    skipped: { counts: skipped, first: firstSkipped },
  };
}

/** The ranks of channels that ran side by side, as the activity of one memory. */
const allChannels = (channels: readonly ChannelActivity[]): ChannelActivity => ({
  ...channels[0]!,
  ranks: channels.flatMap(({ ranks }) => ranks),
});

const saving = (now: number, then: number | undefined): number => (then ? 1 - now / then : 0);

/** The total with each other set of currents: the band within which public sources leave the energy. */
function bandOf(
  device: Device,
  activity: ChannelActivity,
  options: EnergyOptions,
): Record<string, Picojoules | undefined> {
  const total = (name: string): Picojoules | undefined => {
    try {
      return energyOf(withCurrents(device, name), activity, options).total;
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
  return Object.fromEntries(device.otherCurrents.map(({ name }) => [name, total(name)]));
}

function countCommands({ ranks }: ChannelActivity): CommandCounts {
  const sum = (of: (rank: RankActivity) => Float64Array): number =>
    ranks.reduce((total, rank) => of(rank).reduce((a, b) => a + b, total), 0);
  return {
    ACT: sum(({ act }) => act),
    PRE: sum(({ pre }) => pre),
    RD: sum(({ rd }) => rd),
    WR: sum(({ wr }) => wr),
    REFab: ranks.reduce((total, { refAllBank }) => total + refAllBank, 0),
    REFpb: sum(({ refPerBank }) => refPerBank),
  };
}
