import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACT, RD } from '../../src/dram/issued-commands.ts';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { listFlippingCells } from '../../src/faults/inject.ts';
import { bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { holdWeights } from '../../src/sparkxd/held-weights.ts';
import { drawnCells, watchCells } from '../../src/sparkxd/read-draws.ts';
import { cellsOfImage, createRowReads } from '../../src/sparkxd/row-reads.ts';
import { bitLayoutOf } from '../../src/sparkxd/stored-tensors.ts';
import { storeWeights } from '../../src/sparkxd/stored-weights.ts';
import { randomCases } from '../effort.ts';
import { denseProfile, smallOrganisation } from '../faults/fixtures.ts';
import { loadRow } from '../reference/fetched-inference.ts';
import { createPersistentBits } from '../reference/persistent-bits.ts';
import { shippedModels } from '../shipped-models.ts';
import { smallNetwork } from '../snn/small-network.ts';

const INPUTS = 6;

/** Fewer errors than the dense one, so that flips may be rare and their cells still many. */
const [member] = denseProfile.members;
const profile = {
  ...denseProfile,
  members: [{ ...member!, curve: { ...member!.curve, log10Ber: [-1.6, -2, -2.5, -3, -4] } }],
};

const codings = fc.constantFrom(
  { mapping: 'baseline', format: 'fp32', ecc: 'none' } as const,
  { mapping: 'bit-plane', format: 'int8', ecc: 'none' } as const,
  { mapping: 'sparkxd', format: 'int4', ecc: 'none' } as const,
  { mapping: 'baseline', format: 'int8', ecc: 'secded' } as const,
  { mapping: 'sparkxd', format: 'fp32', ecc: 'parity' } as const,
);

const models = fc.constantFrom(
  errorModel(0, { flipCharged: 0.3 }),
  errorModel(0, { flipCharged: 0.05 }),
  // Some cells flip for certain, others now and then.
  errorModel(3, { flipCharged: 1, flipDischarged: 0.3, antiRows: 'odd' }),
);

/** A weight row is fetched, its DRAM rows being opened anew or not; or all weights are written. */
const events = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ row: fc.nat(INPUTS - 1), reopen: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant('write' as const) },
  ),
  { minLength: 20, maxLength: 60, size: 'max' },
);

describe('flips that persist', () => {
  let device: Device;
  beforeAll(async () => {
    const shipped = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    device = { ...shipped, organisation: smallOrganisation };
  });

  it('are those of a memory whose every bit is followed through activations, reads and writings', () => {
    let grown = 0;
    let healed = 0;
    fc.assert(
      fc.property(
        codings,
        models,
        fc.constantFrom('none' as const, 'zero' as const),
        fc.constantFrom(1.01, 1.12),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(99),
        events,
        ({ mapping, format, ecc }, model, repair, supply, neurons, seed, happening) => {
          const network = {
            ...smallNetwork(),
            neurons,
            weights: Float32Array.from({ length: INPUTS * neurons }, (_, k) => ((k * 7919) % 1000) / 90),
          };
          const chip = createChip(profile, device, { seed, model });
          const stored = storeWeights(network, { format, ecc }, device);
          const { placement } = holdWeights(stored, device, chip, { supply, mapping, berLimit: 1, repair });
          const bitLayout = bitLayoutOf(stored, mapping);
          const image = bitLayout.write(stored.image);
          let writings = 0;
          const weak = listFlippingCells(image, placement, chip, supply);
          const watched = watchCells(weak, placement, device.organisation, () => writings);
          const { cells, draw } = drawnCells(weak, 'persistent', watched);
          expect(draw).toBeUndefined();
          const reads = createRowReads(stored, cellsOfImage(cells, bitLayout), { repair });
          const observer = watched.reads.observer(0);
          const bits = createPersistentBits(image, placement, chip, supply);

          const open = new Set<string>();
          const fetches = new Array<number>(INPUTS).fill(0);
          const before = new Map<number, number>();
          for (const event of happening) {
            if (event === 'write') {
              writings++;
              continue;
            }
            const wrong: number[] = [];
            const opened = new Set<string>();
            for (const [bank, row, column] of burstsOf(event.row)) {
              const place = `${bank} ${row}`;
              if (!open.has(place) || (event.reopen && !opened.has(place))) {
                observer.command(0, ACT, 0, bank, row);
                bits.open(bank, row);
              }
              open.add(place);
              opened.add(place);
              observer.columns(0, RD, 0, bank, row, column, 1, 0, 0, 0, 0);
              wrong.push(...bits.read(bank, row, column, writings));
            }
            const n = fetches[event.row]!++;
            const own = wrong.filter((bit) => Math.floor(bit / 8 / stored.layout.rowStride) === event.row);
            expect(reads.flippedBits(event.row, n)).toBe(own.length);
            const read = image.slice();
            for (const bit of own) read[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
            const expected = loadRow(stored, read, bitLayout, repair, event.row);
            // Rows without uncertain cells are never loaded again; `flippedBits` alone is asked of them.
            if (reads.varies(event.row)) expect([...reads.weights(event.row, n)]).toEqual(expected);
            const earlier = before.get(event.row) ?? own.length;
            if (own.length > earlier) grown++;
            if (own.length < earlier) healed++;
            before.set(event.row, own.length);
          }

          /** Where the bursts of a weight row lie, in its order. */
          function burstsOf(weightRow: number): [bank: number, row: number, column: number][] {
            const burst = bytesPerBurst(device.organisation);
            const { rowStride } = stored.layout;
            const found: [number, number, number][] = [];
            for (let byte = weightRow * rowStride; byte < (weightRow + 1) * rowStride; byte += burst)
              for (let s = 0; s < placement.stretches; s++) {
                const at = byte - placement.imageByte[s]!;
                if (at < 0 || at >= placement.bytes[s]!) continue;
                const column = Math.floor((placement.byteInRow[s]! + at) / burst);
                found.push([placement.bank[s]!, placement.row[s]!, column]);
              }
            return found;
          }
        },
      ),
      { seed: 30, numRuns: randomCases(60, 600) },
    );
    expect(grown).toBeGreaterThan(100);
    expect(healed).toBeGreaterThan(20);
  });
});
