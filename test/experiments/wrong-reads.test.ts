import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { injectErrors } from '../../src/faults/inject.ts';
import { collectWeakCells } from '../../src/faults/weak-cell-map.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import { bytesPerBurst, bytesPerRow, type Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import type { VoltageProfile } from '../../src/hardware/voltage-profile.ts';
import { controllerOptions } from '../../src/settings/controller-settings.ts';
import { REPLAY } from '../../src/settings/jobs/replay.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import { randomCases } from '../effort.ts';
import { shippedModels } from '../shipped-models.ts';

const DEVICE = 'lpddr3-1600-4gb-sparkxd';
const SUPPLY = 1.025;

let folder: string;
let device: Device;
let profile: VoltageProfile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-wrong-reads-'));
  device = await loadDevice(DEVICE, shippedModels);
  profile = await loadVoltageProfile('sparkxd', shippedModels);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Accesses of a few rows in a few banks, so that there are hits, conflicts, and rows that are opened again. */
const accesses = fc.array(
  fc.record({
    bank: fc.nat(3),
    row: fc.constantFrom(0, 1, 511, 700),
    column: fc.nat(60),
    write: fc.boolean(),
  }),
  { minLength: 100, maxLength: 300, size: 'max' },
);

const controllers = fc.record({
  pagePolicy: fc.constantFrom('open' as const, 'closed' as const, 'timeout' as const),
  pageTimeout: fc.constantFrom(5, 200),
  forwardWrites: fc.boolean(),
  scheduler: fc.constantFrom('frfcfs' as const, 'fcfs' as const),
});

interface Access {
  readonly bank: number;
  readonly row: number;
  readonly column: number;
  readonly write: boolean;
}

/** The trace in Ramulator's form. */
async function writeTrace(requests: readonly Access[]): Promise<string> {
  const { encode } = createOrderedMapping(device.organisation, 'row-bank-column');
  const burst = bytesPerBurst(device.organisation);
  const file = join(folder, 'trace.txt');
  const lines = requests.map(
    ({ bank, row, column, write }) =>
      `0x${(encode(0, 0, 0, bank, row, column) * burst).toString(16)} ${write ? 'W' : 'R'}`,
  );
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

describe('wrong reads of any trace', () => {
  it('are those that a loop over the addresses finds in the exported map, where flips are certain', async () => {
    const chip = createChip(profile, device, { seed: 1, chip: 2 });
    const weak = weakCellsAt(chip, SUPPLY);

    const map = collectWeakCells(weak, 1.35, SUPPLY, {
      banks: [0, 1, 2, 3],
      firstRow: 0,
      endRow: 701,
    });
    const cells = new Set<string>();
    for (let i = 0; i < map.size; i++) cells.add(`${map.bank[i]} ${map.row[i]} ${map.bit[i]}`);
    const burstBits = bytesPerBurst(device.organisation) * 8;
    let wrong = 0;
    await fc.assert(
      fc.asyncProperty(accesses, fc.boolean(), async (requests, listing) => {
        const trace = await writeTrace(requests);
        const list = join(folder, 'wrong.csv');
        const {
          rows: [row],
          banks,
        } = await runReplay({
          trace,
          format: 'ramulator',
          profile: 'sparkxd',
          supplies: [SUPPLY],
          timing: 'paper',
          chip: [2],
          ...(listing ? { wrongReads: list } : {}),
        });
        const expected = requests.flatMap(({ bank, row: dramRow, column, write }, access) => {
          const bits = Array.from({ length: burstBits }, (_, bit) => bit).filter((bit) =>
            cells.has(`${bank} ${dramRow} ${column * burstBits + bit}`),
          );
          return write || bits.length === 0 ? [] : [{ access, bank, bits }];
        });
        const bitsWrong = expected.reduce((sum, { bits }) => sum + bits.length, 0);
        expect(row!.reads_wrong).toBe(expected.length);
        expect(row!.bits_wrong).toBe(bitsWrong);
        for (let bank = 0; bank < 4; bank++) {
          const own = banks.find((counts) => counts.bank === bank && counts.subarray === undefined);
          expect(own!.reads_wrong).toBe(expected.filter((read) => read.bank === bank).length);
        }
        wrong += expected.length;
        if (!listing) return;
        const [head, ...lines] = (await readFile(list, 'utf8')).trim().split('\r\n');
        expect(head).toMatch(/^access,issued_ns,address,channel,rank,bank,row,column,wrong_bit_positions,/);
        const found = lines.map((line) => line.split(','));
        expect(found.map(([access, , , , , bank, , , bits]) => `${access} ${bank} ${bits}`).sort()).toEqual(
          expected.map(({ access, bank, bits }) => `${access} ${bank} ${bits.join(' ')}`).sort(),
        );
      }),
      { seed: 29, numRuns: randomCases(6, 100) },
    );
    expect(wrong).toBeGreaterThan(20);
  }, 120_000);

  it('draw at the activation that serves them, or at each read, with hits, closes and refreshes between', async () => {
    let wrong = 0;
    let reopened = 0;
    await fc.assert(
      fc.asyncProperty(
        accesses,
        controllers,
        fc.constantFrom('activation' as const, 'read' as const, 'persistent' as const),
        fc.constantFrom(0.3, 1),
        async (requests, controller, draw, flipProbability) => {
          const trace = await writeTrace(requests);
          const {
            rows: [row],
          } = await runReplay({
            trace,
            format: 'ramulator',
            profile: 'sparkxd',
            supplies: [SUPPLY],
            timing: 'paper',
            chip: [2, 1],
            draw,
            flipProbability,
            controller,
          });
          const chip = createChip(profile, device, {
            seed: 1,
            chip: 2,
            model: errorModel(0, { flipCharged: flipProbability }),
          });
          const expected = await readsOf(requests, controller, draw, (bank, dramRow, read) =>
            flippedRow(chip, bank, dramRow, read),
          );
          expect(row!.reads_wrong).toBe(expected.reads);
          expect(row!.bits_wrong).toBe(expected.bits);
          wrong += expected.reads;
          reopened += expected.reopened;
        },
      ),
      { seed: 29, numRuns: randomCases(6, 100) },
    );
    expect(wrong).toBeGreaterThan(20);
    expect(reopened).toBeGreaterThan(20);
  }, 120_000);

  /** The bits that read number `read` of a whole row gives back wrong. */
  function flippedRow(
    chip: Parameters<typeof injectErrors>[2],
    bank: number,
    row: number,
    read: number,
  ): Uint8Array {
    const bytes = bytesPerRow(device.organisation);
    const image = new Uint8Array(bytes);
    const placement = {
      stretches: 1,
      imageBytes: bytes,
      channel: Uint8Array.of(0),
      rank: Uint8Array.of(0),
      bank: Uint16Array.of(bank),
      row: Uint32Array.of(row),
      byteInRow: Uint32Array.of(0),
      imageByte: Uint32Array.of(0),
      bytes: Uint32Array.of(bytes),
    };
    injectErrors(image, placement, chip, SUPPLY, { read });
    return image;
  }

  /** Follows every single command of the replay. */
  async function readsOf(
    requests: readonly Access[],
    controller: object,
    draw: 'activation' | 'read' | 'persistent',
    flipped: (bank: number, row: number, read: number) => Uint8Array,
  ) {
    const { organisation } = device;
    const mapping = createOrderedMapping(organisation, 'row-bank-column');
    const burst = bytesPerBurst(organisation);
    const job = completeJob(REPLAY, { trace: '-', controller });
    const activations = new Map<string, number>();
    const reads = new Map<string, number>();
    const held = new Map<string, Uint8Array>();
    const found = { reads: 0, bits: 0, reopened: 0 };
    let next = 0;
    const source = {
      next(run: RequestRun): boolean {
        const request = requests[next++];
        if (!request) return false;
        run.address = mapping.encode(0, 0, 0, request.bank, request.row, request.column) * burst;
        run.bursts = 1;
        run.write = request.write;
        run.arrival = 0;
        return true;
      },
    };
    const timing = await resolveTiming(device, SUPPLY, 'paper');
    replay(
      organisation,
      timing,
      controllerOptions(job.controller),
      mapping,
      source,
      (_cycle, command, _rank, bank, row, column) => {
        const place = `${bank} ${row}`;
        if (command === 'ACT') {
          if (activations.has(place)) found.reopened++;
          activations.set(place, (activations.get(place) ?? -1) + 1);
        }
        if (draw === 'persistent') {
          // What is wrong in a row stays so until its burst is written.
          const now = held.get(place) ?? new Uint8Array(bytesPerRow(organisation));
          held.set(place, now);
          if (command === 'ACT')
            for (const [byte, flips] of flipped(bank, row, activations.get(place)!).entries())
              now[byte]! |= flips;
          if (command === 'WR' || command === 'WRA') now.fill(0, column * burst, (column + 1) * burst);
        }
        if (command !== 'RD' && command !== 'RDA') return;
        const own = `${place} ${column}`;
        reads.set(own, (reads.get(own) ?? -1) + 1);
        const image =
          held.get(place) ?? flipped(bank, row, draw === 'read' ? reads.get(own)! : activations.get(place)!);
        let bits = 0;
        for (const byte of image.subarray(column * burst, (column + 1) * burst))
          for (let bit = 0; bit < 8; bit++) bits += (byte >> bit) & 1;
        if (bits > 0) found.reads++;
        found.bits += bits;
      },
    );
    return found;
  }
});
