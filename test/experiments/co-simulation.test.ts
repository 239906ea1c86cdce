import { describe, expect, it } from 'vitest';
import { energyOf, InputError, openCoSimulation } from '../../src/index.ts';

describe('openCoSimulation', () => {
  it('opens a device by name, and prices what it did', async () => {
    const done: [string, number][] = [];
    const memory = await openCoSimulation<string>(
      { device: 'ddr4-2400-8gb', supply: 1.1, controller: { forwardWrites: true }, law: 'linear' },
      { onDone: ({ id, cycle }) => done.push([id, cycle]) },
    );
    memory.offer({ id: 'write', address: 0, write: true });
    memory.offer({ id: 'read', address: 0, at: 1 });
    memory.runUntil(2);
    // The read takes its data from the write queue.
    expect(done).toEqual([['read', 2]]);
    memory.drain();
    expect(done.map(([id]) => id)).toEqual(['read', 'write']);
    expect(memory.statistics()).toMatchObject({ reads: 1, writes: 1, forwardedReads: 1 });
    const options = { supply: 1.1, law: 'linear' } as const;
    const energy = memory.energy();
    expect(energy.total).toBe(energyOf(memory.device, memory.activity(), options).total);
    expect(energy.total).toBeGreaterThan(0);
    memory.runUntil(memory.now + 1000);
    expect(memory.energy().total).toBeGreaterThan(energy.total);
  });

  it('stretches timing as the supply falls', async () => {
    const ends = await Promise.all(
      [1.2, 1.1].map(async (supply) => {
        const memory = await openCoSimulation({ device: 'ddr4-2400-8gb', supply });
        memory.offer({ id: 0, address: 0 });
        return memory.drain();
      }),
    );
    expect(ends[1]).toBeGreaterThan(ends[0]!);
  });

  it('turns times into cycles exactly', async () => {
    const memory = await openCoSimulation({ device: 'ddr3-1600-1gb' });
    expect(memory.cycleAt(0)).toBe(0);
    expect(memory.cycleAt(1.25)).toBe(1);
    expect(memory.cycleAt(1.251)).toBe(2);
    const ddr4 = await openCoSimulation({ device: 'ddr4-2400-8gb' });
    for (const cycle of [1, 2, 3, 7, 1199, 1200, 1201, 123456789, 10 ** 12])
      expect(ddr4.cycleAt(ddr4.timeOf(cycle))).toBe(cycle);
    for (const time of [-1, 0.0001, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 50])
      expect(() => ddr4.cycleAt(time)).toThrow(InputError);
  });

  it('refuses what it does not know, with the remedy', async () => {
    const refusal = async (input: object): Promise<string> => {
      const error = await openCoSimulation(input).catch((fault: unknown) => fault);
      if (!(error instanceof InputError)) throw error;
      return error.message;
    };
    expect(await refusal({ device: 'ddr4-2400-9gb' })).toContain('did you mean');
    expect(await refusal({ speed: 3 })).toContain('unknown key "speed"');
    expect(await refusal({ controller: { scheduler: 'lifo' } })).toContain('scheduler');
    expect(await refusal({ entry: 0 })).toContain('entry is 0');
    expect(await refusal({ device: 'ddr4-2400-8gb', supply: 3 })).toContain('supply 3 V');
    expect(await refusal({ addressMapping: 'diagonal' })).toContain('unknown address order');
  });
});
