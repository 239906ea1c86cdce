import { bytesPerBurst } from '../../hardware/device.ts';
import { createRowStream } from '../../results/stream-rows.ts';
import { WRONG_READ_TABLE, WRONG_TENSOR_READ_TABLE } from '../../results/tables.ts';
import { nanosecondsOf } from '../../units/scale.ts';
import type { Bench } from './replayer.ts';
import type { ListedRead } from './watched-chip.ts';
import type { WeightsAt } from './weights-at.ts';

/**
 * Does something that finds wrong reads (`weights` tells what they were to bring, of a layered network), and writes each of them to a file if one is named; the file appears whole or not at
 * all. Throws InputError when it cannot be written.
 */
export async function listed<T>(
  file: string | undefined,
  { device, mapping }: Pick<Bench, 'device' | 'mapping'>,
  weights: WeightsAt | undefined,
  find: (list: ((read: ListedRead) => void) | undefined) => Promise<T>,
): Promise<T> {
  if (file === undefined) return find(undefined);
  const rows = await createRowStream(file, weights ? WRONG_TENSOR_READ_TABLE : WRONG_READ_TABLE);
  const { organisation, clock } = device;
  const { banksPerGroup } = organisation;
  const burstBytes = bytesPerBurst(organisation);
  try {
    const found = await find(({ access, cycle, channel, rank, bank, row, column, bits, left }) => {
      const group = Math.floor(bank / banksPerGroup);
      const burst = mapping.encode(channel, rank, group, bank % banksPerGroup, row, column);
      rows.put([
        access,
        nanosecondsOf(cycle, clock),
        `0x${(burst * burstBytes).toString(16)}`,
        channel,
        rank,
        bank,
        row,
        column,
        bits.join(' '),
        left.length === 0 ? undefined : left.join(' '),
        ...(weights ? weights(burst * burstBytes) : []),
      ]);
    });
    rows.end();
    return found;
  } catch (error) {
    rows.abandon();
    throw error;
  }
}
