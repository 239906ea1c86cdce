import type { EventColumns } from './event-set.ts';

/** Rows and columns of N-MNIST's sensor. */
const SIDE = 34;
/** Dark-going and bright-going events (OFF, ON), rows, columns. */
export const NMNIST_SHAPE: readonly number[] = [2, SIDE, SIDE];

export const NMNIST_EVENT_BYTES = 5;

/** An event in this row is no event: the clock of the recorder has gone round, which all later times must be told. */
const OVERFLOW_ROW = 240;
/** What N-MNIST's readers add to the time of such a mark and of all events behind it. */
const OVERFLOW_US = 8192;
const LARGEST_TIME_US = 2 ** 32 - 1;

/**
 * Decodes the events of one recording of N-MNIST into `columns` from place `at` on, and returns their number. An event is 5 bytes, most
 * significant first: x (8 bits), y (8), polarity (1; 1 is ON), time in microseconds (23). Its input is (polarity x 34 + y) x 34 + x.
 * Adds to `faults` all that is wrong with the file, with byte offsets: the events are then not to be used.
 */
export function decodeNmnist(
  bytes: Uint8Array,
  columns: EventColumns<Uint32Array>,
  at: number,
  faults: string[],
): number {
  const whole = bytes.length - (bytes.length % NMNIST_EVENT_BYTES);
  const { times, inputs } = columns;
  let overflowUs = 0;
  let next = at;
  let [outside, firstOutside] = [0, -1];
  let firstLate = -1;
  for (let byte = 0; byte < whole; byte += NMNIST_EVENT_BYTES) {
    const x = bytes[byte]!;
    const y = bytes[byte + 1]!;
    if (y === OVERFLOW_ROW) {
      overflowUs += OVERFLOW_US;
      continue;
    }
    const high = bytes[byte + 2]!;
    const time = (((high & 0x7f) << 16) | (bytes[byte + 3]! << 8) | bytes[byte + 4]!) + overflowUs;
    if (x >= SIDE || y >= SIDE) {
      if (outside++ === 0) firstOutside = byte;
    } else if (time > LARGEST_TIME_US && firstLate < 0) firstLate = byte;
    times[next] = time;
    inputs[next++] = ((high >> 7) * SIDE + y) * SIDE + x;
  }
  if (outside > 0)
    faults.push(
      `the event at byte ${firstOutside} has x = ${bytes[firstOutside]}, y = ${bytes[firstOutside + 1]}, beyond the sensor of ${SIDE} x ${SIDE}${outside > 1 ? `, and so have ${outside - 1} more` : ''}`,
    );
  if (firstLate >= 0)
    faults.push(
      `with the overflows of the clock before it the event at byte ${firstLate} lies beyond ${LARGEST_TIME_US} us`,
    );
  if (whole < bytes.length)
    faults.push(
      `truncated: ${bytes.length} bytes are no whole number of events of ${NMNIST_EVENT_BYTES} bytes, the event at byte ${whole} has ${bytes.length - whole}`,
    );
  return next - at;
}
