import { bytesInMemory } from '../../bytes/byte-source.ts';
import { createProtocolChecker } from '../../dram/checker.ts';
import { type CommandLog, type ReplayResult, replay } from '../../dram/replay.ts';
import { InputError } from '../../errors/input-error.ts';
import { readingOptions, windowOf } from '../../experiments/replay/reading-options.ts';
import type { Device } from '../../hardware/device.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { openAddressMapping } from '../../inputs/open-address-mapping.ts';
import { timingAt } from '../../inputs/timing-at.ts';
import { dramCells, saving } from '../../results/dram-columns.ts';
import { controllerOptions } from '../../settings/controller-settings.ts';
import { REPLAY } from '../../settings/jobs/replay.ts';
import type { RunJob } from '../../settings/jobs/run.ts';
import { completeJob } from '../../settings/parse-job.ts';
import { noLosses } from '../../trace/access-format.ts';
import { openAccessTrace } from '../../trace/access-trace.ts';
import { windowed } from '../../trace/address-window.ts';
import { traceRequests } from '../../trace/trace-requests.ts';
import { modelFiles } from '../host/model-files.ts';
import type { ControllerStep, TraceView } from '../messages.ts';
import { shellWord } from '../settings.ts';

/** Commands that can be stepped through. */
const MOST_STEPS = 400;

/**
 * What `sparkxd replay` finds of a trace on the device and at the supply of a run, and the first commands. Throws InputError for a
 * file that is no trace or does not fit the device.
 */
export async function traceView(name: string, bytes: Uint8Array, run: RunJob): Promise<TraceView> {
  const { device: deviceName, supplies, latencyCurve, timing: mode } = run;
  const job = completeJob(REPLAY, {
    trace: name,
    device: deviceName,
    supplies,
    timing: mode,
    ...(latencyCurve === undefined ? {} : { latencyCurve }),
  });
  const device = await loadDevice(job.device, modelFiles, job.latencyCurve);
  const mapping = await openAddressMapping(job.addressMapping, device.organisation);
  const [supply] = supplies as [number];
  const { nominal } = device.supply;
  const controller = controllerOptions(job.controller);
  let format = '';

  const replayed = (timing: ResolvedTiming, log?: CommandLog): ReplayResult => {
    const opened = openAccessTrace(
      bytesInMemory(bytes, name),
      readingOptions({ job, device, mapping }),
      noLosses(),
    );
    format = opened.format;
    const window = windowOf({ job, device, mapping });
    const runs = windowed(opened, window);
    const source = traceRequests(runs, device, mapping, job.arrival, window.offset);
    const result = replay(device.organisation, timing, controller, mapping, source, log);
    if (result.reads + result.writes === 0)
      throw new InputError('the trace holds no access', { place: { file: name } });
    return result;
  };
  const timing = await timingAt(device, supply, job, modelFiles);
  const steps = createSteps(device, timing);
  const pricing = { law: run.law, model: run.energyModel };
  const cells = dramCells(device, replayed(timing, steps.log), { ...pricing, supply });
  const accurate = dramCells(device, replayed(await timingAt(device, nominal, job, modelFiles)), {
    ...pricing,
    supply: nominal,
  });
  const curve = latencyCurve === undefined ? '' : ` --curve ${shellWord(latencyCurve)}`;
  return {
    format,
    cells,
    saving: saving(cells.energy_per_access_pJ, accurate.energy_per_access_pJ),
    command: `sparkxd replay ${shellWord(name)} --device ${shellWord(deviceName)} --supply ${supply} --timing ${mode}${curve} --no-accuracy`,
    steps: steps.steps,
  };
}

/** Keeps the first commands, each with the rule that held it back. */
function createSteps(
  { organisation }: Device,
  timing: ResolvedTiming,
): { readonly steps: ControllerStep[]; readonly log: CommandLog } {
  const checkers = Array.from({ length: organisation.channels }, () =>
    createProtocolChecker(organisation, timing),
  );
  const steps: ControllerStep[] = [];
  return {
    steps,
    log(cycle, command, rank, bank, row, column, channel) {
      if (steps.length >= MOST_STEPS) return;
      const issued = { cycle, command, rank, bank, row, column };
      const checker = checkers[channel]!;
      const held = checker.heldBackBy(issued);
      checker.check(issued);
      const earlier = held?.earlier;
      steps.push({
        ...issued,
        channel,
        ...(held && earlier
          ? {
              waitedFor: {
                constraint: held.rule,
                latency: cycle - earlier.cycle,
                since: `${earlier.command} at cycle ${earlier.cycle}`,
              },
            }
          : {}),
      });
    },
  };
}
