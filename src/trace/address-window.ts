import { InputError } from '../errors/input-error.ts';
import type { Bytes } from '../units/flavours.ts';
import { type AccessRun, type AccessRunReader, emptyRun, placeOfRun } from './access-run.ts';

/** How a trace's addresses become those of a memory. */
export interface AddressWindow {
  /** Subtracted from every address: where the memory begins in the traced system. */
  readonly offset: number;
  /** Bytes of the memory, modulo which addresses are taken; without it they stay as they are. */
  readonly wrap?: Bytes;
}

/**
 * The runs of a trace at the addresses of a memory. A run that goes over the end of the memory is cut there and goes on
 * at 0. `next` throws InputError for an address below the offset, unless addresses are wrapped.
 */
export function windowed(reader: AccessRunReader, { offset, wrap }: AddressWindow): AccessRunReader {
  if (offset === 0 && wrap === undefined) return reader;
  const place = reader.place === undefined ? {} : { place: reader.place };
  const { join } = reader;
  if (wrap === undefined)
    return {
      ...place,
      ...(join && {
        join(run: AccessRun, unit: Bytes, most: Bytes): void {
          run.address += offset;
          join(run, unit, most);
          run.address -= offset;
        },
      }),
      next(run) {
        if (!reader.next(run)) return false;
        if (run.address < offset)
          throw new InputError(
            `the trace accesses address 0x${run.address.toString(16)}, below the offset 0x${offset.toString(16)}`,
            {
              ...placeOfRun(reader),
              remedy: `give an --offset of at most 0x${run.address.toString(16)}, or take addresses modulo the size of the device: --wrap`,
            },
          );
        run.address -= offset;
        return true;
      },
    };
  const rest: AccessRun = emptyRun();
  return {
    ...place,
    next(run) {
      if (rest.bytes === 0) {
        if (!reader.next(rest)) return false;
        const moved = (rest.address - offset) % wrap;
        // A negative multiple of the size leaves -0.
        rest.address = moved < 0 ? moved + wrap : Math.abs(moved);
      }
      run.address = rest.address;
      run.bytes = Math.min(rest.bytes, wrap - rest.address);
      run.write = rest.write;
      run.arrival = rest.arrival;
      run.source = rest.source;
      rest.bytes -= run.bytes;
      rest.address = 0;
      return true;
    },
  };
}
