import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type EventSet, spanOf } from '../../src/datasets/event-set.ts';
import { decodeNmnist } from '../../src/datasets/nmnist.ts';
import { sha256 } from '../../src/files/sha256.ts';
import { readSamples } from '../../src/inputs/read-samples.ts';

const FOLDER = fileURLToPath(new URL('../goldens/events', import.meta.url));
const facts = JSON.parse(readFileSync(join(FOLDER, 'events.json'), 'utf8'));

interface Recording {
  readonly file: string;
  readonly split: 'Train' | 'Test';
  readonly label: number;
  readonly events: number;
  readonly first_event: object;
  readonly last_event: object;
}
interface Spikes {
  readonly row: number;
  readonly label: number;
  readonly events: number;
}

const eventAt = ({ times, inputs }: Pick<EventSet, 'times' | 'inputs'>, k: number) => ({
  x: inputs[k]! % 34,
  y: Math.floor(inputs[k]! / 34) % 34,
  p: Math.floor(inputs[k]! / (34 * 34)),
  t: times[k]!,
});
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** What events.json says of a recording, from what was read. */
function recordingFacts(set: EventSet, sample: number) {
  const [from, to] = [set.offsets[sample]!, set.offsets[sample + 1]!];
  const events = Array.from({ length: to - from }, (_, k) => eventAt(set, from + k));
  const { first, last } = spanOf(set, sample)!;
  return {
    label: set.labels[sample],
    events: events.length,
    first_us: first,
    last_us: last,
    on_events: sum(events.map(({ p }) => p)),
    sum_x: sum(events.map(({ x }) => x)),
    sum_y: sum(events.map(({ y }) => y)),
    sum_t: sum(events.map(({ t }) => t)),
    first_event: events[0],
    last_event: events.at(-1),
  };
}

const edge = (name: string) => {
  const bytes = readFileSync(join(FOLDER, 'nmnist-edge', name));
  const most = Math.floor(bytes.length / 5);
  const columns = { times: new Uint32Array(most), inputs: new Uint32Array(most) };
  const faults: string[] = [];
  const events = decodeNmnist(bytes, columns, 0, faults);
  return { bytes, columns, faults, events };
};

describe('N-MNIST', () => {
  it('is read as events.json says of each recording', async () => {
    const read = await readSamples(join(FOLDER, 'nmnist'));
    if (read.kind !== 'events') throw new Error('no events');
    expect(read.name).toBe('nmnist');
    for (const [split, set] of [
      ['Train', read.train!],
      ['Test', read.test!],
    ] as const) {
      const said: Recording[] = facts.nmnist.samples.filter((each: Recording) => each.split === split);
      expect([set.count, set.classes, set.shape]).toEqual([said.length, facts.nmnist.classes, [2, 34, 34]]);
      for (const [sample, { file, ...recording }] of said.entries()) {
        const { split: _, ...known } = recording;
        expect({
          ...recordingFacts(set, sample),
          sha256: sha256(readFileSync(join(FOLDER, file))),
        }).toEqual(known);
      }
      for (const column of [set.times, set.inputs, set.offsets, set.labels])
        expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it('has times up to 2^23 - 1', () => {
    const { events, columns, faults } = edge('max-time.bin');
    const said = facts.nmnist.edge[0];
    expect(faults).toEqual([]);
    expect(events).toBe(said.events);
    expect(eventAt(columns, 0)).toEqual(said.first_event);
    expect(eventAt(columns, events - 1)).toEqual(said.last_event);
    expect(sum([...columns.times])).toBe(said.sum_t);
  });

  it('has marks where the clock went round', () => {
    const { events, columns, faults } = edge('overflow.bin');
    const said = facts.nmnist.edge[1];
    expect([faults, events]).toEqual([[], said.events]);
    expect([...columns.times.subarray(0, events)]).toEqual(said.times_us);
  });

  it('may have no events', () => {
    expect(edge('empty.bin')).toMatchObject({ events: 0, faults: [] });
  });

  it('is not truncated', () => {
    expect(edge('truncated.bin').faults).toEqual([
      'truncated: 8 bytes are no whole number of events of 5 bytes, the event at byte 5 has 3',
    ]);
  });
});

describe('SHD', () => {
  it.each(facts.shd.files as { file: string; samples: Spikes[]; sha256: string }[])(
    'is read as events.json says: $file',
    async ({ file, samples, sha256: hash }) => {
      const notes: string[][] = [];
      const read = await readSamples(join(FOLDER, file), { noteHash: (...note) => notes.push(note) });
      if (read.kind !== 'events') throw new Error('no events');
      const set = read.test!;
      expect([set.count, set.classes, set.shape]).toEqual([samples.length, facts.shd.classes, [700]]);
      const found = samples.map((_, row) => {
        const [from, to] = [set.offsets[row]!, set.offsets[row + 1]!];
        const seconds = [...set.times.subarray(from, to)].map((us) => us / 1e6);
        const units = [...set.inputs.subarray(from, to)];
        return {
          ...{ row, label: set.labels[row], events: to - from },
          first_s: seconds[0],
          last_s: seconds.at(-1),
          sum_s: sum(seconds),
          sum_units: sum(units),
          first_unit: units[0],
          last_unit: units.at(-1),
        };
      });
      expect(found).toEqual(samples);
      expect(notes).toEqual([['dataset', join(FOLDER, file), hash]]);
      expect(set.times.buffer).toBeInstanceOf(SharedArrayBuffer);
    },
  );

  it('is both parts of a folder, and the same events from single precision and gzip', async () => {
    const read = await readSamples(join(FOLDER, 'shd'));
    const packed = await readSamples(join(FOLDER, 'shd/shd_test_f32_gzip.h5'));
    if (read.kind !== 'events' || packed.kind !== 'events') throw new Error('no events');
    expect([read.train!.count, read.test!.count]).toEqual([32, 8]);
    expect(packed.test).toEqual(read.test);
  });
});
