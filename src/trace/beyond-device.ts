import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import type { Bytes } from '../units/flavours.ts';
import { type AccessRun, type AccessRunReader, emptyRun, placeOfRun } from './access-run.ts';

/** Most runs that are read on, to tell where the addresses of a refused trace begin and end. */
const MOST_RUNS = 1_000_000;

/**
 * The fault of a run, the one read last, that ends beyond a memory of `size` bytes. `lowest` is the lowest address so far;
 * all addresses are `offset` below those of the trace. What is proposed depends on the rest of the trace, which is
 * read for it unless it is long.
 */
export function beyondDevice(
  trace: AccessRunReader,
  run: Readonly<AccessRun>,
  lowest: number,
  offset: number,
  { name }: Device,
  size: Bytes,
): InputError {
  const own = (address: number): string => `0x${(address + offset).toString(16)}`;
  const what =
    `the trace accesses address ${own(run.address + run.bytes - 1)}, beyond the ${size} bytes of ${name}` +
    (offset === 0 ? '' : ` from ${own(0)} on`);
  const place = placeOfRun(trace);
  const extent = restOf(trace, lowest, run.address + run.bytes);
  const modulo = 'take addresses modulo the size of the device (--wrap)';
  if (extent === undefined)
    return new InputError(what, { ...place, remedy: `${modulo}, or subtract X from each: --offset X` });
  const [first, end] = extent;
  const remedy =
    end - first <= size
      ? `${modulo}, or subtract the smallest one from each: --offset ${own(first)}`
      : `${modulo}, or choose a larger device: they go from ${own(first)} to ${own(end - 1)}`;
  return new InputError(what, { ...place, remedy });
}

/** The lowest address of all and the end of the highest; undefined for a trace that is long or cannot be read on. */
function restOf(trace: AccessRunReader, lowest: number, end: number): [number, number] | undefined {
  const run = emptyRun();
  let [from, to] = [lowest, end];
  try {
    for (let runs = 0; runs < MOST_RUNS; runs++) {
      if (!trace.next(run)) return [from, to];
      from = Math.min(from, run.address);
      to = Math.max(to, run.address + run.bytes);
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return undefined;
}
