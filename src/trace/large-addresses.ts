import type { Bytes } from '../units/flavours.ts';
import type { AddressWindow } from './address-window.ts';

/** Addresses below are exact in all arithmetic that follows, with the size of any access added. */
export const LARGEST_ADDRESS = 2 ** 51;
/** No system has larger ones. */
const LARGEST_IN_A_TRACE = 2n ** 64n;

/** Which addresses of a trace can be taken. */
export interface LargeAddresses {
  /** Addresses below are taken as they are. */
  readonly below: number;
  /**
   * An address below `below` that stands for one at or above it: after the alignment to whole accesses and the window,
   * both are the same. A text says why there is none, for a message: "is not ...".
   */
  inPlaceOf(address: bigint): number | Refused;
}

export interface Refused {
  readonly why: string;
  readonly remedy?: string;
}

/**
 * What is done with addresses that are too large for exact arithmetic. Where a window takes them modulo the size of a
 * memory they are reduced here, exactly, modulo a multiple of that size which is also one of the access's size, so that
 * an access begins at the same place in it. Else an address may be as much larger as the window's offset takes away.
 */
export function largeAddresses(window: AddressWindow | undefined, accessBytes: () => Bytes): LargeAddresses {
  const { offset, wrap } = window ?? { offset: 0 };
  if (wrap === undefined)
    return {
      below: LARGEST_ADDRESS + offset,
      inPlaceOf: () => ({
        why: offset === 0 ? 'is not below 2^51' : 'is not below 2^51 after --offset',
        remedy: 'take addresses modulo the size of the device: --wrap',
      }),
    };
  return {
    below: LARGEST_ADDRESS,
    inPlaceOf(address) {
      if (address >= LARGEST_IN_A_TRACE) return { why: 'is not below 2^64' };
      const [size, unit] = [BigInt(wrap), BigInt(accessBytes())];
      const modulus = (size / commonDivisor(size, unit)) * unit;
      if (modulus > LARGEST_ADDRESS)
        return {
          why: `is too large for accesses of ${unit} bytes, which do not divide the size of the device`,
        };
      return Number(address % modulus);
    },
  };
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
