import { createOrderedMapping } from '../dram/address-mapping.ts';
import type { ControllerOptions } from '../dram/controller-options.ts';
import { type ReplayResult, replay } from '../dram/replay.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { weightReads } from '../mapping/requests.ts';
import type { WeightLayout } from '../mapping/weight-image.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';

/** How byte addresses count through the device: Ramulator's RoBaRaCoCh, where consecutive rows lie in different banks. */
export const ADDRESS_ORDER = 'row-bank-column';

/** Runs windows of inferences through the DRAM, each distinct one once. */
export interface DramWindows {
  run(placement: Placement, timing: ResolvedTiming): ReplayResult;
}

/**
 * Windows that fetch the weight rows in `fetches` through one controller. What the controller does depends on where the
 * weights lie and on the timing in cycles, not on the voltage itself, so points that agree in both share one simulation.
 */
export function createDramWindows(
  device: Device,
  layout: WeightLayout,
  fetches: readonly Uint32Array[],
  controller: ControllerOptions,
): DramWindows {
  const { organisation } = device;
  const mapping = createOrderedMapping(organisation, ADDRESS_ORDER);
  const done = new Map<string, ReplayResult>();
  return {
    run(placement, timing) {
      const key = windowKey(placement, timing);
      let result = done.get(key);
      if (!result) {
        const runs = weightRowRuns(layout, placement, organisation, mapping);
        const source = weightReads(fetches, runs, bytesPerBurst(organisation));
        result = replay(organisation, timing, controller, mapping, source);
        done.set(key, result);
      }
      return result;
    },
  };
}

function windowKey(placement: Placement, timing: ResolvedTiming): string {
  const { channel, rank, bank, row, byteInRow } = placement;
  const where = [channel, rank, bank, row, byteInRow].map((column) => Array.from(column).join()).join(';');
  return `${where}|${JSON.stringify(timing.parameters)}|${JSON.stringify(timing.constraints)}`;
}
