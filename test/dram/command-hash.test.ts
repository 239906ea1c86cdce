import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCommandHash } from '../../src/dram/command-hash.ts';
import type { CommandLog } from '../../src/dram/replay.ts';

const command = fc.record({
  cycle: fc.integer({ min: 0, max: 2 ** 40 }),
  name: fc.constantFrom('ACT', 'PRE', 'RD', 'WR', 'RDA'),
  place: fc.array(fc.nat(1 << 16), { minLength: 5, maxLength: 5 }),
});
type Command = { cycle: number; name: string; place: number[] };

function hashOf(commands: readonly Command[]): string {
  const { log, digest } = createCommandHash();
  for (const { cycle, name, place } of commands)
    log(cycle, name as Parameters<CommandLog>[1], ...(place as [number, number, number, number, number]));
  return digest();
}

describe('the hash of a command stream', () => {
  it('tells any change of one command, and any exchange of two', () => {
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 2, maxLength: 20 }),
        fc.nat(),
        fc.nat(6),
        fc.integer({ min: 1, max: 1000 }),
        (commands, which, field, by) => {
          const at = which % commands.length;
          const changed = structuredClone(commands);
          const target = changed[at]!;
          if (field < 5) target.place[field]! += by;
          else if (field === 5) target.cycle += by * 2 ** 20;
          else target.name = target.name === 'PRE' ? 'ACT' : 'PRE';
          expect(hashOf(changed)).not.toBe(hashOf(commands));
          const [a, b, ...rest] = commands as [Command, Command, ...Command[]];
          if (JSON.stringify(a) !== JSON.stringify(b))
            expect(hashOf([b, a, ...rest])).not.toBe(hashOf(commands));
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});
