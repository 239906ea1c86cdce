import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { formatViolation, type Violation } from '../../src/dram/checker-violation.ts';
import { DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { ResolvedConstraint } from '../../src/hardware/standard.ts';
import { randomCases } from '../effort.ts';
import { shippedModels } from '../shipped-models.ts';
import { burstsFor, type Channel, channels } from './random-channel.ts';
import { runCore } from './run-core.ts';

function judge(
  organisation: Organisation,
  timing: ResolvedTiming,
  stream: readonly DramCommand[],
): Violation[] {
  const checker = createProtocolChecker(organisation, timing);
  return stream.flatMap((command) => checker.check(command));
}

/** Whether `later` lies where a constraint that `earlier` began holds; bank by bank, as the definition says. */
function inScope(
  { level, sibling }: ResolvedConstraint,
  { bankGroups, banksPerGroup, rows, rowsPerSubarray }: Organisation,
  banksPerREFpb: number,
  earlier: DramCommand,
  later: DramCommand,
): boolean {
  if (level === 'channel') return true;
  const sameRank = earlier.rank === later.rank;
  if (level === 'rank') return sameRank !== sibling;
  const all = Array.from({ length: bankGroups * banksPerGroup }, (_, b) => b);
  const apart = all.length / banksPerREFpb;
  const banks = ({ command, bank }: DramCommand): number[] => {
    if (bank < 0) return all;
    return command === 'REFpb' ? all.filter((b) => (b - bank) % apart === 0) : [bank];
  };
  const group = (bank: number): number => Math.floor(bank / banksPerGroup);
  if (level === 'subarray') {
    const subarrays = ({ bank, row }: DramCommand): number[] =>
      bank >= 0
        ? [Math.floor(row / rowsPerSubarray)]
        : Array.from({ length: rows / rowsPerSubarray }, (_, s) => s);
    return (
      sameRank &&
      banks(earlier).some((a) => banks(later).includes(a)) &&
      subarrays(earlier).some((a) => subarrays(later).some((b) => (a === b) !== sibling))
    );
  }
  const same = (a: number, b: number): boolean => (level === 'bankgroup' ? group(a) === group(b) : a === b);
  const family = (a: number, b: number): boolean => level === 'bankgroup' || group(a) === group(b);
  return (
    sameRank &&
    banks(earlier).some((a) => banks(later).some((b) => (sibling ? !same(a, b) && family(a, b) : same(a, b))))
  );
}

/** Constraints of window 1 that let command `index` go no cycle earlier, by looking at all commands before it. */
function binding({ organisation, timing }: Channel, stream: readonly DramCommand[], index: number): string[] {
  const later = stream[index]!;
  return timing.constraints
    .filter(({ window, following }) => window === 1 && following.includes(later.command))
    .filter((constraint) =>
      stream
        .slice(0, index)
        .some(
          (earlier) =>
            constraint.preceding.includes(earlier.command) &&
            inScope(constraint, organisation, timing.rules.banksPerREFpb, earlier, later) &&
            earlier.cycle + constraint.latency === later.cycle,
        ),
    )
    .map(({ level, sibling, name }) => `${level}${sibling ? ' sibling' : ''} ${name}`);
}

/** Moves each command that a constraint binds one cycle forward, alone; every such stream must be refused there. */
function holdSpoiled(channel: Channel, stream: readonly DramCommand[], caught: Set<string>): void {
  for (let index = 1; index < stream.length; index++) {
    const names = binding(channel, stream, index);
    if (names.length === 0) continue;
    const spoiled = stream.slice(0, index);
    spoiled.push({ ...stream[index]!, cycle: stream[index]!.cycle - 1 });
    const found = judge(channel.organisation, channel.timing, spoiled).filter(({ earlier }) => earlier);
    const said = new Set(
      found.map(({ level, sibling, rule }) => `${level}${sibling ? ' sibling' : ''} ${rule}`),
    );
    for (const name of names) {
      expect(said).toContain(name);
      caught.add(name);
    }
  }
}

describe('the checker and the core', () => {
  it('agree on every stream of random devices, and each command moved one cycle too early is caught', () => {
    const caught = new Set<string>();
    fc.assert(
      fc.property(channels, (channel) => {
        const { commands } = runCore(channel);
        expect(judge(channel.organisation, channel.timing, commands).map(formatViolation)).toEqual([]);
        holdSpoiled(channel, commands.slice(0, 120), caught);
      }),
      { seed: 11, numRuns: randomCases(25, 60) },
    );
    expect(caught.size).toBeGreaterThan(20);
  });

  it('agree on every shipped device', async () => {
    for (const name of await shippedModels.list('dram')) {
      const device = await loadDevice(name, shippedModels);
      const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
      const organisation = { ...device.organisation, ranks: 2 };
      fc.assert(
        fc.property(burstsFor(organisation, 60), (bursts) => {
          const channel = { organisation, timing, options: DEFAULT_CONTROLLER, bursts };
          expect(judge(organisation, timing, runCore(channel).commands).map(formatViolation)).toEqual([]);
        }),
        { seed: 12, numRuns: randomCases(2, 6) },
      );
    }
  });
});
