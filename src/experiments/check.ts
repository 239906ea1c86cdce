import { createProtocolChecker } from '../dram/checker.ts';
import type { Violation } from '../dram/checker-violation.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { openTraceBytes } from '../inputs/trace-bytes.ts';
import { CHECK, type CheckInput } from '../settings/jobs/check.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { CommandTraceFormat } from '../trace/command-trace-formats.ts';
import { readCommandTrace } from '../trace/command-trace-reader.ts';
import type { Cycles, Volts } from '../units/flavours.ts';
import { requireClosedRows } from './subarrays-of-trace.ts';

export interface CheckOutcome {
  readonly format: CommandTraceFormat;
  readonly device: string;
  readonly supply: Volts;
  readonly timing: TimingMode;
  readonly commands: number;
  /** Cycle of the END line or of the last command. */
  readonly cycles: Cycles;
  readonly violations: number;
  /** Violations by rule, the most frequent first. */
  readonly byRule: Readonly<Record<string, number>>;
  /** The first violations, in order of time. */
  readonly first: readonly Violation[];
}

/** Holds a command trace against the protocol of a device. Throws InputError for a trace that cannot be read. */
export async function runCheck(input: CheckInput): Promise<CheckOutcome> {
  const job = completeJob(CHECK, input);
  const device = await loadDevice(job.device, modelFiles);
  const supply = job.supply ?? device.supply.nominal;
  const timing = await timingAt(device, supply, job, modelFiles);
  const { postponedRefreshes } = job;
  const checker = createProtocolChecker(device.organisation, timing, { postponedRefreshes });

  const first: Violation[] = [];
  const counts = new Map<string, number>();
  let commands = 0;
  let cycles = 0;
  let violations = 0;
  const take = (found: readonly Violation[]): void => {
    for (const violation of found) {
      violations++;
      counts.set(violation.rule, (counts.get(violation.rule) ?? 0) + 1);
      if (first.length < job.limit) first.push(violation);
    }
  };

  const { source, close } = await openTraceBytes(job.commands);
  try {
    const trace = readCommandTrace(source, device.organisation, job.format);
    requireClosedRows(trace.format, job.subarrays, source.file);
    for (const command of trace.commands) {
      commands++;
      cycles = command.cycle;
      take(checker.check(command));
    }
    cycles = trace.endCycle() ?? cycles;
    take(checker.end(cycles));
    return {
      format: trace.format,
      device: device.name,
      supply,
      timing: job.timing,
      commands,
      cycles,
      violations,
      first,
      byRule: Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
    };
  } finally {
    close();
  }
}
