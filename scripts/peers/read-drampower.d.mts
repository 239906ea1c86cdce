/** Energies in pJ. */
export interface CoreEnergies {
  readonly act: number;
  readonly pre: number;
  readonly rd: number;
  readonly wr: number;
  readonly ref: number;
  readonly activeBackground: number;
  readonly prechargedBackground: number;
  readonly asleep: number;
}
export function readDrampower(text: string, name: string): CoreEnergies;
