export function difference(ours: number | undefined, theirs: number | undefined): string;
export interface CyclesRow {
  readonly stream: string;
  readonly machine: string;
  readonly ours?: number;
  readonly theirs: ReadonlyMap<string, { cycles: number; resolution?: number }>;
}
export function cyclesTable(peers: readonly string[], rows: readonly CyclesRow[]): string;
export interface EnergyRow {
  readonly stream: string;
  readonly die: string;
  readonly term: string;
  readonly ours: number;
  readonly theirs: number;
}
export function energyTable(rows: readonly EnergyRow[]): string;
