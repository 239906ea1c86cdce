import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { createChip } from '../../src/faults/chip.ts';
import { ERROR_MODEL_IDS, errorModel } from '../../src/faults/error-model.ts';
import { fitErrorModel } from '../../src/faults/fit-model.ts';
import { cellsOf, collectWeakCells, mapShape, wholeMemory } from '../../src/faults/weak-cell-map.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import type { VoltageProfile } from '../../src/hardware/voltage-profile.ts';
import { FULL } from '../effort.ts';
import { shippedModels } from '../shipped-models.ts';

describe('fitErrorModel', () => {
  let profile: VoltageProfile;
  let device: Device;
  beforeAll(async () => {
    profile = await loadVoltageProfile('sparkxd', shippedModels);
    device = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
  });
  /** Where the profile's line gives 10 000 of the device's 2^32 cells. */
  const supply = (Math.log10(10_000 / 2 ** 32) - 79.43) / -80.1;

  it.runIf(FULL)(
    'returns the model of a generated map at 10 000 weak cells, and its spread within the interval',
    () => {
      let right = 0;
      let covered = 0;
      let spreads = 0;
      const perModel = 4;
      const cells = cellsOf(mapShape(device.organisation), wholeMemory(mapShape(device.organisation)));
      for (const id of ERROR_MODEL_IDS)
        for (let chip = 0; chip < perModel; chip++) {
          const spread = id === 1 || id === 2 ? 1.1 + 0.1 * (chip % 5) : 0;
          const model = errorModel(id, id === 3 ? { antiRows: 'odd', flipDischarged: 0.8 } : { spread });
          const made = createChip(profile, device, { seed: 31, chip, model });
          const map = collectWeakCells(weakCellsAt(made, supply), device.supply.nominal, supply);
          const fit = fitErrorModel(map, supply, 100, cells);
          if (fit.best === id) right++;
          const found = fit.models[id]!;
          if (found.spread) {
            spreads++;
            if (found.spread.low <= spread && spread <= found.spread.high) covered++;
          }
          if (id === 3) {
            expect(found.antiRows).toBe('odd');
            expect(found.flipCharged!.estimate).toBe(1);
            expect(found.flipDischarged!.estimate).toBeCloseTo(0.8, 10);
          }
        }
      // npm run bench:faults does 100 maps; here 16.
      expect(right).toBe(4 * perModel);
      expect(covered / spreads).toBeGreaterThan(0.8);
    },
  );

  it('refuses a map without cells', () => {
    const chip = createChip(profile, device, { seed: 1 });
    const map = collectWeakCells(weakCellsAt(chip, 1.35), 1.35, 1.35);
    expect(() => fitErrorModel(map, 1.35, 100, 2 ** 32)).toThrow(InputError);
    expect(() => fitErrorModel(map, 1.35, 100, 2 ** 32)).toThrow(/too few/);
  });
});
