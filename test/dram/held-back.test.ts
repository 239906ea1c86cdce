import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { replay } from '../../src/dram/replay.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { controllerOptions } from '../../src/settings/controller-settings.ts';
import { REPLAY } from '../../src/settings/jobs/replay.ts';
import { completeJob } from '../../src/settings/parse-job.ts';

/** Commands of bursts in rows of two banks by turns: activations, precharges, row hits and turns of the bus. */
async function commandsOf(name: string) {
  const device = await loadDevice(name, modelFiles);
  const { organisation } = device;
  const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
  const commands: DramCommand[] = [];
  const job = completeJob(REPLAY, { trace: 'none', device: name });
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  const step = (mapping.bursts / organisation.rows) * 64;
  let sent = 0;
  const source = {
    next(run: { address: number; bursts: number; write: boolean; arrival: number }) {
      if (sent === 60) return false;
      Object.assign(run, { address: step * (sent % 7), bursts: 3, write: sent % 5 === 4, arrival: 0 });
      sent++;
      return true;
    },
  };
  replay(
    organisation,
    timing,
    controllerOptions(job.controller),
    mapping,
    source,
    (cycle, command, rank, bank, row, column, channel) => {
      if (channel === 0) commands.push({ cycle, command, rank, bank, row, column });
    },
  );
  return { organisation, timing, commands };
}

describe('what a command waited for', () => {
  it.each(['lpddr3-1600-4gb', 'ddr4-2400-8gb'])(
    'is the rule that is broken one cycle sooner, and none is where it came later than it had to (%s)',
    async (name) => {
      const { organisation, timing, commands } = await commandsOf(name);
      expect(commands.length).toBeGreaterThan(60);
      const asked = createProtocolChecker(organisation, timing);
      let held = 0;
      for (const [i, command] of commands.entries()) {
        const rule = asked.heldBackBy(command);
        expect(asked.check(command)).toEqual([]);
        const sooner = createProtocolChecker(organisation, timing);
        for (const before of commands.slice(0, i)) sooner.check(before);
        const broken = sooner
          .check({ ...command, cycle: command.cycle - 1 })
          .filter(({ earlier }) => earlier !== undefined)
          .map((violation) => `${violation.rule} since ${violation.earlier?.cycle}`);
        if (rule) {
          held++;
          expect(broken).toContain(`${rule.rule} since ${rule.earlier!.cycle}`);
        } else expect(broken).toEqual([]);
      }
      expect(held).toBeGreaterThan(commands.length / 2);
    },
  );

  it('names tRCD between an activation and its first column', async () => {
    const { organisation, timing } = await commandsOf('lpddr3-1600-4gb');
    const checker = createProtocolChecker(organisation, timing);
    const ACT: DramCommand = { cycle: 5, command: 'ACT', rank: 0, bank: 3, row: 7, column: 0 };
    expect(checker.heldBackBy(ACT)).toBeUndefined();
    checker.check(ACT);
    const RD: DramCommand = { ...ACT, command: 'RD', cycle: 5 + timing.parameters['tRCD']! };
    expect(checker.heldBackBy(RD)).toMatchObject({ rule: 'tRCD', earlier: ACT });
    expect(checker.heldBackBy({ ...RD, cycle: RD.cycle + 1 })).toBeUndefined();
  });
});
