import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNmnist } from '../../src/datasets/nmnist.ts';
import { randomCases } from '../effort.ts';
import { bytesOfEvent, eventOfBits, nmnistEvents, type PlainEvent } from '../reference/events.ts';

function decoded(bytes: Uint8Array, at = 0) {
  const room = at + Math.floor(bytes.length / 5);
  const columns = { times: new Uint32Array(room), inputs: new Uint32Array(room) };
  const faults: string[] = [];
  const events = decodeNmnist(bytes, columns, at, faults);
  return {
    faults,
    events,
    times: [...columns.times.subarray(at, at + events)],
    inputs: [...columns.inputs.subarray(at, at + events)],
  };
}
const fileOf = (events: readonly PlainEvent[]): Uint8Array => Uint8Array.from(events.flatMap(bytesOfEvent));

const time = fc.integer({ min: 0, max: 2 ** 23 - 1 });
const bit = fc.integer({ min: 0, max: 1 });
const coordinate = fc.integer({ min: 0, max: 33 });
const onSensor = fc.record({ x: coordinate, y: coordinate, p: bit, t: time });
const mark = fc.record({ x: fc.integer({ min: 0, max: 255 }), y: fc.constant(240), p: bit, t: time });

describe('events of 5 bytes', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(onSensor, (event) => {
        expect(eventOfBits(bytesOfEvent(event))).toEqual(event);
        const { x, y, p, t } = event;
        expect(decoded(fileOf([event]))).toEqual({
          ...{ faults: [], events: 1, times: [t] },
          inputs: [p * 34 * 34 + y * 34 + x],
        });
      }),
      { numRuns: randomCases(200, 2000) },
    );
  });

  it('are those of the reference, with overflows of the clock', () => {
    const events = fc.array(fc.oneof({ weight: 6, arbitrary: onSensor }, { weight: 1, arbitrary: mark }));
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 3 }), (written, at) => {
        const file = fileOf(written);
        const known = nmnistEvents(file);
        expect(decoded(file, at)).toEqual({
          ...{ faults: [], events: known.length, times: known.map(({ t }) => t) },
          inputs: known.map(({ x, y, p }) => (p * 34 + y) * 34 + x),
        });
      }),
      { numRuns: randomCases(200, 2000) },
    );
  });

  it('are refused beyond the sensor and behind the end, all at once', () => {
    const file = [
      ...fileOf([
        { x: 1, y: 2, p: 0, t: 3 },
        { x: 34, y: 2, p: 1, t: 4 },
        { x: 0, y: 239, p: 1, t: 5 },
      ]),
      7,
    ];
    expect(decoded(Uint8Array.from(file)).faults).toEqual([
      'the event at byte 5 has x = 34, y = 2, beyond the sensor of 34 x 34, and so have 1 more',
      'truncated: 16 bytes are no whole number of events of 5 bytes, the event at byte 15 has 1',
    ]);
  });

  it('are refused where overflows bring the time beyond 32 bits', () => {
    const marks = 2 ** 32 / 8192;
    const file = new Uint8Array(5 * (marks + 1));
    for (let k = 0; k < marks; k++) file[5 * k + 1] = 240;
    expect(decoded(file).faults).toEqual([
      `with the overflows of the clock before it the event at byte ${5 * marks} lies beyond 4294967295 us`,
    ]);
    expect(decoded(file.subarray(5)).times).toEqual([2 ** 32 - 8192]);
  });
});
