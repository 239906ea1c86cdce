import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { createCommandHash } from '../../src/dram/command-hash.ts';
import { type ControllerOptions, DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import type { LatencyHistogram } from '../../src/dram/latency-histogram.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { ENERGY_MODELS, energyOf } from '../../src/energy/energy-of.ts';
import { bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { uniformStream } from '../../src/random/streams.ts';
import { withoutPlaces } from '../hardware/without-places.ts';

const folder = await mkdtemp(join(tmpdir(), 'sparkxd-standard-'));
afterAll(() => rm(folder, { recursive: true }));
const shipped = (path: string) => readFile(new URL(`../../hw-models/${path}`, import.meta.url), 'utf8');

/** A device of a standard that nobody has heard of: the shipped files under other names, in a folder of their own. */
async function madeUp(device: string, standard: string): Promise<Device> {
  const text = (await shipped(`standards/${standard}.yaml`)).replace(`name: ${standard}`, 'name: quux9');
  const own = join(folder, `${standard}.yaml`);
  await writeFile(own, text);
  const part = (await shipped(`dram/${device}.yaml`))
    .replace(`name: ${device}`, 'name: part')
    .replace(`standard: ${standard}`, `standard: ${own}`);
  const file = join(folder, `${device}.yaml`);
  await writeFile(file, part);
  return loadDevice(file, modelFiles);
}

/** Everything that a device does at a supply: timing, commands, statistics, judgement, energies. */
async function figures(device: Device, supply: number, options: ControllerOptions) {
  const { organisation } = device;
  const { standard, ...timing } = withoutPlaces(await resolveTiming(device, supply, 'stretched'));
  const bytes = bytesPerBurst(organisation);
  const random = uniformStream(20261128, 'a new standard');
  let left = 600;
  const source = {
    next(run: RequestRun) {
      if (left-- === 0) return false;
      run.address = Math.floor(random() * 2 ** 14) * bytes * 64;
      run.bursts = 1 + Math.floor(random() * 12);
      run.write = random() < 0.3;
      run.arrival = (600 - left) * 150;
      return true;
    },
  };
  const hash = createCommandHash();
  const commands: DramCommand[] = [];
  const result = replay(
    organisation,
    { standard, ...timing },
    options,
    createOrderedMapping(organisation, 'row-bank-column'),
    source,
    (cycle, command, rank, bank, row, column, channel) => {
      hash.log(cycle, command, rank, bank, row, column, channel);
      commands.push({ cycle, command, rank, bank, row, column });
    },
  );
  commands.sort((a, b) => a.cycle - b.cycle);
  const checker = createProtocolChecker(organisation, { standard, ...timing });
  const violations = [
    ...commands.flatMap((command) => checker.check(command)),
    ...checker.end(result.cycles),
  ];
  const counted = activityFromCommands(device, { standard, ...timing }, commands, {
    endCycle: () => result.cycles,
  });
  const plain = ({ percentile, ...numbers }: LatencyHistogram) => ({
    ...numbers,
    percentiles: [0.5, 0.95, 0.99].map(percentile),
  });
  const latencies = [plain(result.readLatency), plain(result.writeLatency)];
  const { readLatency, writeLatency, ...counts } = result;
  const ledgers = ENERGY_MODELS.map((model) =>
    energyOf(device, result.activity, { supply, law: 'quadratic', model, rho: 0.5 }),
  );
  return {
    standard,
    figures: { timing, counts, latencies, digest: hash.digest(), violations, counted, ledgers },
  };
}

const SLEEPY = { powerDownAfter: 60, selfRefreshAfter: 900 };

describe.each<[string, string, number, Partial<ControllerOptions>]>([
  ['ddr4-2400-8gb', 'ddr4', 1.2, {}],
  ['ddr4-2400-8gb', 'ddr4', 1.0, { ...SLEEPY, pagePolicy: 'closed', postponedRefreshes: 8 }],
  ['ddr3-1600-1gb', 'ddr3', 1.35, { ...SLEEPY, pagePolicy: 'closed' }],
  ['lpddr3-1600-4gb', 'lpddr3', 1.1, { ...SLEEPY, pagePolicy: 'closed' }],
  ['lpddr4-3200-8gb', 'lpddr4', 1.0, { pagePolicy: 'closed', refresh: 'perBank' }],
])('a made-up standard, %s under other names', (name, standard, supply, over) => {
  it(`works from file to energy with the same figures at ${supply} V`, async () => {
    const options = { ...DEFAULT_CONTROLLER, ...over };
    const [own, known] = [await madeUp(name, standard), await loadDevice(name, modelFiles)];
    expect([own.standard.name, own.name]).toEqual(['quux9', 'part']);
    const [ours, theirs] = [await figures(own, supply, options), await figures(known, supply, options)];
    expect([ours.standard, theirs.standard]).toEqual(['quux9', standard]);
    expect(ours.figures).toEqual(theirs.figures);
    // Figures worth comparing: the stream is legal, refreshed, and costs something in every term that it uses.
    const { violations, counts, counted, ledgers } = ours.figures;
    expect(violations).toEqual([]);
    expect(counted).toEqual(counts.activity);
    for (const { terms } of ledgers)
      for (const term of ['act', 'pre', 'rd', 'wr', 'ref', 'prechargedBackground'] as const)
        expect(terms[term], term).toBeGreaterThan(0);
  });
});
