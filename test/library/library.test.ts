import { describe, expect, it } from 'vitest';
import { evaluate, InputError, type Progress, replay, run, supplyEffects } from '../../src/index.ts';

const trace = new URL('../../traces/n400-mnist-event.sxt', import.meta.url).pathname;
const quick = { trace, noAccuracy: true } as const;

describe('the library', () => {
  it('takes one supply, several, or shares of the nominal one', async () => {
    const { rows } = await supplyEffects({ device: 'ddr4-2400-8gb', supply: [1.2, '90%'] });
    expect(rows.map(({ supply_V }) => supply_V)).toEqual([1.2, 1.08]);
    const one = await supplyEffects({ device: 'ddr4-2400-8gb', supply: '75%' });
    expect(one.rows[0]!.supply_V).toBe(0.9);
    await expect(supplyEffects({ device: 'ddr4-2400-8gb', supply: '0%' })).rejects.toThrow(InputError);
  });

  it('tells how far it is, and what is assumed, once', async () => {
    const progress: Progress[] = [];
    const remarks: string[] = [];
    const { rows } = await replay(
      { ...quick, device: 'ddr4-2400-8gb', supply: [1.2, 1.1] },
      { onProgress: (step) => progress.push(step), onRemark: (line) => remarks.push(line) },
    );
    expect(rows).toHaveLength(2);
    expect(rows[1]!.energy_saving_vs_nominal).toBeGreaterThan(0);
    expect(progress.length).toBeGreaterThan(1);
    for (const { phase, done, total } of progress) {
      expect(phase).not.toBe('');
      expect(done).toBeLessThanOrEqual(total);
    }
    expect(new Set(remarks).size).toBe(remarks.length);
  });

  it('gives faults as values with their parts', async () => {
    const error = await replay({ ...quick, device: 'ddr4-2400-8g' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      what: 'unknown device "ddr4-2400-8g"',
      remedy: 'did you mean ddr4-2400-8gb?',
    });
  });

  it('stops where it is told to: before it begins, and between portions', async () => {
    const before = AbortSignal.abort(new Error('changed my mind'));
    await expect(run({ images: 10 }, { signal: before })).rejects.toThrow('changed my mind');

    const stop = new AbortController();
    let steps = 0;
    const work = evaluate(
      { weights: 'n400-mnist', images: 2000 },
      {
        threads: 1,
        signal: stop.signal,
        onProgress({ done }) {
          steps++;
          if (done > 0) stop.abort(new Error('enough'));
        },
      },
    );
    await expect(work).rejects.toThrow('enough');
    expect(steps).toBeLessThan(20);
  });
});
