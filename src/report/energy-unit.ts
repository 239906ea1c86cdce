/** What the energy of traffic is divided by: an access, or where devices differ in it a bit, which all have. */
export interface EnergyUnit {
  /** The column that counts. */
  readonly column: 'accesses' | 'bytes';
  /** Of these in one of the column. */
  readonly each: number;
  readonly name: 'pJ per access' | 'pJ per bit';
}

/** The unit in which the energies of these rows compare: accesses of different devices may differ in length. */
export function energyUnit(
  rows: readonly { readonly device: string; readonly access_bytes: number }[],
): EnergyUnit {
  const kinds = new Set(rows.map(({ device, access_bytes }) => JSON.stringify([device, access_bytes])));
  return kinds.size > 1
    ? { column: 'bytes', each: 8, name: 'pJ per bit' }
    : { column: 'accesses', each: 1, name: 'pJ per access' };
}
