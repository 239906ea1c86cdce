import { describe, expect, it } from 'vitest';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { DATA_PINS, dataPinsOf } from '../../src/settings/data-pins.ts';
import { parseJob } from '../../src/settings/parse-job.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const lpddr3 = await loadDevice('lpddr3-1600-4gb', shippedModels);
const ddr4 = await loadDevice('ddr4-2400-4gb', shippedModels);
const pins = (job: Parameters<typeof dataPinsOf>[0], device = lpddr3) => dataPinsOf(job, device);

describe('the data pins of a job', () => {
  it('are none unless their load is given', () => {
    expect(pins({})).toBeUndefined();
    expect(() => pins({ ioVoltage: 1.1 })).toThrow(/--io-voltage is given without the load of the data pins/);
    expect(() => pins({ ioTermination: 0 })).toThrow(/--io-termination is given without the load/);
  });

  it('are as the job says, else as the device file, else at 1.2 V and not terminated', () => {
    expect(pins({ ioCapacitance: 3 })).toEqual({ capacitance_pF: 3, voltage: 1.2, writeTermination_mW: 0 });
    expect(pins({ ioCapacitance: 'device', ioVoltage: 1.1, ioTermination: 4 })).toEqual({
      capacitance_pF: 1.8,
      voltage: 1.1,
      writeTermination_mW: 4,
    });
    expect(pins({ ioCapacitance: 2 }, ddr4)).toEqual({
      capacitance_pF: 2,
      voltage: 1.2,
      writeTermination_mW: 0,
    });
    expect(() => pins({ ioCapacitance: 'device' }, ddr4)).toThrow(
      /ddr4-2400-4gb gives no load of its data pins/,
    );
  });

  it('are read with any prefix, and refused for what is no load', () => {
    const { read } = DATA_PINS.ioCapacitance;
    expect(['1.8pF', '1800 fF', '1.8', 'device'].map(read)).toEqual([1.8, 1.8, 1.8, 'device']);
    for (const text of ['1.8W', 'part', '-1', '2000'])
      expect(() => parseJob(DATA_PINS, { ioCapacitance: read(text) }), text).toThrow(
        /expected 0 to 1000 pF, such as 1.8pF, or device/,
      );
  });
});

describe('the data pins of a device file', () => {
  const load = async (io: string) => {
    const { text } = await shippedModels.read('dram', 'lpddr3-1600-4gb');
    const content = text.replace(/^io:\n( {2}.*\n)+/m, io);
    expect(content).not.toBe(text);
    return loadDevice('mine', withModel('dram', 'mine', content));
  };

  it('may say what a terminated pin takes, or be absent', async () => {
    const given = await load(
      'io:\n  source: gem5\n  capacitance: 2 pF\n  voltage: 1.1 V\n  write_termination: 3 mW\n',
    );
    expect(given.io).toEqual({ capacitance_pF: 2, voltage: 1.1, writeTermination_mW: 3 });
    expect((await load('')).io).toBeUndefined();
  });

  it('are refused without source, without unit, and out of bounds', async () => {
    const io = (load: string, source = '  source: gem5\n') =>
      `io:\n${source}  capacitance: ${load}\n  voltage: 1.2 V\n`;
    await expect(load(io('2 pF', ''))).rejects.toThrow(/io.capacitance has no source/);
    await expect(load(io('2'))).rejects.toThrow(/has no unit: expected a capacitance/);
    await expect(load(io('1 uF'))).rejects.toThrow(/capacitance/);
    await expect(load(io('0 pF'))).rejects.toThrow(/capacitance/);
  });
});
