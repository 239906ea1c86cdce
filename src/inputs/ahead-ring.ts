/**
 * A ring of bytes in shared memory, from one thread that writes to one that reads; either may wait for the other. `control`
 * holds how many bytes were written and read, modulo 2^32, what has become of the writer, and a count of all changes, on which
 * both sides wait.
 */
export interface AheadRing {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** Elements of `control`. */
export const WRITTEN = 0;
export const READ = 1;
export const WRITER = 2;
const CHANGES = 3;
const CONTROL_LENGTH = 4;

/** What the writer does: it writes, has written all, has met something that it cannot take, or is to stop. */
export const WRITING = 0;
export const DONE = 1;
export const FAILED = 2;
export const STOPPED = 3;

/** A power of two, so that positions go on where 2^32 wraps around. */
const CAPACITY = 1 << 20;

export const createAheadRing = (): AheadRing => ({
  control: new Int32Array(new SharedArrayBuffer(CONTROL_LENGTH * Int32Array.BYTES_PER_ELEMENT)),
  bytes: new Uint8Array(new SharedArrayBuffer(CAPACITY)),
});

/** Sets an element of `control`, and wakes the other side. */
export function set({ control }: AheadRing, element: number, value: number): void {
  Atomics.store(control, element, value);
  Atomics.add(control, CHANGES, 1);
  Atomics.notify(control, CHANGES);
}

/** How many changes there have been; to be asked before what `waitForChange` waits for is looked at. */
export const changes = ({ control }: AheadRing): number => Atomics.load(control, CHANGES);

/** Blocks the thread until there has been a change since `seen`; false where there has been none for so many milliseconds. */
export const waitForChange = ({ control }: AheadRing, seen: number, milliseconds?: number): boolean =>
  Atomics.wait(control, CHANGES, seen, milliseconds) !== 'timed-out';

/** Writes bytes, waiting for room; false when it is to stop. */
export function writeAhead(ring: AheadRing, piece: Uint8Array): boolean {
  const { control, bytes } = ring;
  let rest = piece;
  while (rest.length > 0) {
    const seen = changes(ring);
    if (Atomics.load(control, WRITER) === STOPPED) return false;
    const written = Atomics.load(control, WRITTEN);
    const room = bytes.length - ((written - Atomics.load(control, READ)) | 0);
    if (room === 0) {
      waitForChange(ring, seen);
      continue;
    }
    const at = written & (bytes.length - 1);
    const part = rest.subarray(0, Math.min(room, bytes.length - at));
    bytes.set(part, at);
    set(ring, WRITTEN, (written + part.length) | 0);
    rest = rest.subarray(part.length);
  }
  return true;
}

/** Moves bytes that are ready into `target`; answers with their number, which may be 0. */
export function readAhead(ring: AheadRing, target: Uint8Array): number {
  const { control, bytes } = ring;
  const read = Atomics.load(control, READ);
  const ready = (Atomics.load(control, WRITTEN) - read) | 0;
  const at = read & (bytes.length - 1);
  const length = Math.min(ready, target.length, bytes.length - at);
  if (length === 0) return 0;
  target.set(bytes.subarray(at, at + length));
  set(ring, READ, (read + length) | 0);
  return length;
}
