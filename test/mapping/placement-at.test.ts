import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADDRESS_ORDERS, type AddressOrder, createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { placementAt } from '../../src/mapping/placement-at.ts';
import { crookedOrganisation, smallOrganisation } from '../faults/fixtures.ts';

const orders = Object.keys(ADDRESS_ORDERS) as AddressOrder[];

describe('a placement by addresses', () => {
  it('has each byte where its address is decoded to', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(smallOrganisation, crookedOrganisation),
        fc.constantFrom(...orders),
        fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 6 }),
        (organisation, order, ranges) => {
          const mapping = createOrderedMapping(organisation, order);
          const burst = bytesPerBurst(organisation);
          const placement = placementAt(ranges, organisation, mapping);
          const at = new Int32Array(6);
          const expected = ranges.flatMap(([address, bytes]) =>
            Array.from({ length: bytes }, (_, i) => {
              mapping.decode(Math.floor((address + i) / burst), at);
              const [channel, rank, group, bank, row, column] = at;
              const byte = column! * burst + ((address + i) % burst);
              return [channel, rank, group! * organisation.banksPerGroup + bank!, row, byte].join();
            }),
          );
          const found: string[] = [];
          for (let s = 0; s < placement.stretches; s++) {
            expect(placement.imageByte[s]).toBe(found.length);
            for (let i = 0; i < placement.bytes[s]!; i++)
              found.push(
                [
                  placement.channel[s],
                  placement.rank[s],
                  placement.bank[s],
                  placement.row[s],
                  placement.byteInRow[s]! + i,
                ].join(),
              );
          }
          expect(found).toEqual(expected);
          expect(placement.imageBytes).toBe(expected.length);
        },
      ),
    );
  });
});
