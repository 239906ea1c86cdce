import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';

/** Coordinates of a byte address, and the address again: the two directions of the address mapping. */
export interface ExplainedAddress {
  readonly address: number;
  readonly channel: number;
  readonly rank: number;
  readonly bankGroup: number;
  readonly bank: number;
  readonly subarray: number;
  readonly row: number;
  /** Column address of the burst's first transfer. */
  readonly column: number;
  readonly byteInBurst: number;
}

/** Where a byte lies in a device. Throws InputError beyond its capacity. */
export async function explainAddress(
  deviceName: string,
  address: number,
  addressMapping: string = ADDRESS_ORDER,
): Promise<ExplainedAddress> {
  const { organisation, name } = await loadDevice(deviceName, modelFiles);
  const mapping = await openAddressMapping(addressMapping, organisation);
  const burstBytes = bytesPerBurst(organisation);
  const burst = Math.floor(address / burstBytes);
  if (burst >= mapping.bursts)
    throw new InputError(
      `address 0x${address.toString(16)} is beyond the ${mapping.bursts * burstBytes} bytes of ${name}`,
    );
  const at = new Int32Array(6);
  mapping.decode(burst, at);
  const [channel, rank, bankGroup, bank, row, columnBurst] = at;
  return {
    address,
    channel: channel!,
    rank: rank!,
    bankGroup: bankGroup!,
    bank: bank!,
    subarray: Math.floor(row! / organisation.rowsPerSubarray),
    row: row!,
    column: columnBurst! * organisation.burstLength,
    byteInBurst: address % burstBytes,
  };
}

/** The byte address of coordinates written as "row=5,bank=2,column=16"; what is left out is 0. */
export async function addressOf(
  deviceName: string,
  coordinates: Readonly<Record<string, number>>,
  addressMapping: string = ADDRESS_ORDER,
): Promise<number> {
  const { organisation, name } = await loadDevice(deviceName, modelFiles);
  const limits: Record<string, number> = coordinateLimits(organisation);
  for (const [coordinate, value] of Object.entries(coordinates)) {
    const limit = limits[coordinate];
    if (limit === undefined)
      throw new InputError(`unknown coordinate "${coordinate}"`, {
        remedy: `known: ${Object.keys(limits).join(', ')}`,
      });
    if (value >= limit)
      throw new InputError(`${coordinate} ${value} does not exist: ${name} has ${limit}, counted from 0`);
  }
  const { channel = 0, rank = 0, bankGroup = 0, bank = 0, row = 0, column = 0 } = coordinates;
  const mapping = await openAddressMapping(addressMapping, organisation);
  const columnBurst = Math.floor(column / organisation.burstLength);
  return mapping.encode(channel, rank, bankGroup, bank, row, columnBurst) * bytesPerBurst(organisation);
}

const coordinateLimits = ({ channels, ranks, bankGroups, banksPerGroup, rows, columns }: Organisation) => ({
  channel: channels,
  rank: ranks,
  bankGroup: bankGroups,
  bank: banksPerGroup,
  row: rows,
  column: columns,
});
