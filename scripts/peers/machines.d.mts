export interface Machine {
  readonly name: string;
  readonly device: string;
  readonly devices: number;
  readonly deviceWidth: number;
  readonly bankGroups: number;
  readonly banksPerGroup: number;
  readonly rows: number;
  readonly columns: number;
  readonly burstLength: number;
  readonly ramulator: {
    readonly standard: string;
    readonly controller: string;
    readonly organisation: string;
    readonly timing: string;
    readonly overrides: Readonly<Record<string, number>>;
  };
  readonly dramsim3?: {
    readonly protocol: string;
    readonly tCK: number;
    readonly timing: Readonly<Record<string, number>>;
  };
}
export const MACHINES: readonly Machine[];
export interface Die {
  readonly name: string;
  readonly device: string;
  readonly currents?: string;
  readonly burstBytes: number;
  readonly rails: readonly string[];
  readonly memorySpecification: string;
}
export const DIES: readonly Die[];
