/** Slow, obvious second implementations of the decoders of events and of their sorting into steps. */

export interface PlainEvent {
  readonly x: number;
  readonly y: number;
  readonly p: number;
  /** Microseconds. */
  readonly t: number;
}

/** An event of N-MNIST from its 40 bits as text, as its layout is written down. */
export function eventOfBits(bytes: readonly number[]): PlainEvent {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const field = (from: number, to: number): number => Number.parseInt(bits.slice(from, to), 2);
  return { x: field(0, 8), y: field(8, 16), p: field(16, 17), t: field(17, 40) };
}

/** Every event of a file; then, mark by mark, 8192 us more from the mark on; then without the marks. */
export function nmnistEvents(file: Uint8Array): PlainEvent[] {
  const all: PlainEvent[] = [];
  for (let at = 0; at < file.length; at += 5) all.push(eventOfBits([...file.slice(at, at + 5)]));
  const times = all.map(({ t }) => t);
  all.forEach(({ y }, mark) => {
    if (y === 240) for (let k = mark; k < times.length; k++) times[k]! += 8192;
  });
  return all.map((event, k) => ({ ...event, t: times[k]! })).filter(({ y }) => y !== 240);
}

/** The five bytes of an event. */
export function bytesOfEvent({ x, y, p, t }: PlainEvent): number[] {
  const bits =
    [x, y].map((value) => value.toString(2).padStart(8, '0')).join('') + p + t.toString(2).padStart(23, '0');
  return [0, 8, 16, 24, 32].map((from) => Number.parseInt(bits.slice(from, from + 8), 2));
}

/** A double as a fraction of whole numbers. */
function fractionOf(value: number): { over: bigint; under: bigint } {
  let under = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    under *= 2n;
  }
  return { over: BigInt(scaled), under };
}

/** The set of inputs that spike in each step, and what is left out; exact, for whole microseconds a step. */
export function stepsOf(
  events: readonly { readonly time: number; readonly input: number }[],
  stepUs: number,
  steps: number,
): { readonly spikes: number[][]; readonly late: number; readonly merged: number } {
  const sets = Array.from({ length: steps }, () => new Set<number>());
  let [late, merged] = [0, 0];
  for (const { time, input } of events) {
    const { over, under } = fractionOf(time);
    const step = over / (under * BigInt(stepUs));
    if (step >= BigInt(steps)) late++;
    else if (sets[Number(step)]!.has(input)) merged++;
    else sets[Number(step)]!.add(input);
  }
  return { spikes: sets.map((set) => [...set].sort((a, b) => a - b)), late, merged };
}
