import { createProtocolChecker } from '../dram/checker.ts';
import type { Violation } from '../dram/checker-violation.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import { channelTraces } from '../inputs/channel-traces.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { CHECK, type CheckInput } from '../settings/jobs/check.ts';
import { completeJob } from '../settings/parse-job.ts';
import { requireCurveUse } from '../sparkxd/memory-rules.ts';
import type { CommandTraceFormat } from '../trace/command-trace-formats.ts';
import type { Cycles, Volts } from '../units/flavours.ts';
import { readCommands } from './read-commands.ts';

export interface CheckOutcome {
  /** Format of the traces; several where they differ. */
  readonly format: string;
  /** Channels whose traces were given. */
  readonly channels: number;
  /** Channels of the device. */
  readonly deviceChannels: number;
  readonly device: string;
  readonly supply: Volts;
  readonly timing: TimingMode;
  readonly commands: number;
  /** Cycle of the END line or of the last command, of the longest trace. */
  readonly cycles: Cycles;
  readonly violations: number;
  /** Violations by rule, the most frequent first. */
  readonly byRule: Readonly<Record<string, number>>;
  /** The first violations, channel by channel in order of time. */
  readonly first: readonly ChannelViolation[];
}

/** A violation and the channel whose trace has it. */
export interface ChannelViolation extends Violation {
  readonly channel: number;
}

/** Holds the command traces of a device's channels against its protocol. Throws InputError for a trace that cannot be read. */
export async function runCheck(input: CheckInput): Promise<CheckOutcome> {
  const job = completeJob(CHECK, input);
  requireCurveUse(job, undefined);
  const device = await loadDevice(job.device, modelFiles, job.latencyCurve);
  const supply = job.supply ?? device.supply.nominal;
  const timing = await timingAt(device, supply, job, modelFiles);
  const { postponedRefreshes = timing.rules.postponedRefreshes } = job;
  const first: ChannelViolation[] = [];
  const counts = new Map<string, number>();
  const formats = new Set<CommandTraceFormat>();
  let commands = 0;
  let cycles = 0;
  let violations = 0;
  const take = (found: readonly Violation[], channel: number): void => {
    for (const violation of found) {
      violations++;
      counts.set(violation.rule, (counts.get(violation.rule) ?? 0) + 1);
      if (first.length < job.limit) first.push({ ...violation, channel });
    }
  };

  const traces = await channelTraces([job.commands].flat(), device);
  try {
    await traces.forEach((source, channel) => {
      const checker = createProtocolChecker(device.organisation, timing, { postponedRefreshes });
      const trace = readCommands(source, device, job);
      formats.add(trace.format);
      let last = 0;
      for (const command of trace.commands) {
        commands++;
        last = command.cycle;
        take(checker.check(command), channel);
      }
      const end = trace.endCycle() ?? last;
      take(checker.end(end), channel);
      cycles = Math.max(cycles, end);
    });
  } finally {
    traces.release();
  }
  return {
    format: [...formats].join(', '),
    channels: traces.count,
    deviceChannels: device.organisation.channels,
    device: device.name,
    supply,
    timing: job.timing,
    commands,
    cycles,
    violations,
    first,
    byRule: Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
  };
}
