/** The six coordinates of a burst, in the order in which `AddressMapping.decode` writes them. */
export const COORDINATES = ['channel', 'rank', 'bankGroup', 'bank', 'row', 'column'] as const;
export type Coordinate = (typeof COORDINATES)[number];

/**
 * Where the bursts of a memory lie. A burst is the unit of access; burst number = byte address / bytes per burst.
 * Coordinates, in this order: channel, rank, bank group, bank in group, row, column burst (column / burst length).
 */
export interface AddressMapping {
  /** Bursts of the whole memory, over all channels. */
  readonly bursts: number;
  /** Writes the six coordinates of a burst (0 <= burst < bursts) into `out`. */
  decode(burst: number, out: Int32Array): void;
  /** The burst at these coordinates; the exact inverse of `decode`. */
  encode(
    channel: number,
    rank: number,
    bankGroup: number,
    bank: number,
    row: number,
    columnBurst: number,
  ): number;
  /** How many bursts from this one on (itself included) follow each other in the same row of the same bank. */
  burstsToRowEnd(burst: number): number;
}
