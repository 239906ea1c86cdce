import { CORE_BINARY } from './core-binary.ts';
import { LEAN_CORE_BINARY } from './lean-core-binary.ts';

/** The part of the WebAssembly interface used here; the project's type library is the language's alone. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What the core must know of its channel before it begins, in the order of `State` in assembly/state.ts. */
export const SETTINGS = [
  'ranks',
  'bankGroups',
  'banksPerGroup',
  'rowsPerSubarray',
  'subarraysOfBank',
  'subarrays',
  'openSubarrays',
  'select',
  'inOrder',
  'autoPrecharge',
  'rowHitCap',
  'pageTimeout',
  'perBankRefresh',
  'refreshInterval',
  'maxPostponed',
  'powerDownAfter',
  'selfRefreshAfter',
  'forwardWrites',
  'readQueue',
  'writeQueue',
  'highWatermark',
  'lowWatermark',
  'ageBits',
  'tRAS',
  'tRFC',
  'tRP',
  'readToPrecharge',
  'writeToPrecharge',
  'windowCount',
  'siblings',
  'streaks',
  'batch',
  'observed',
] as const;
export type CoreSettings = Readonly<Record<(typeof SETTINGS)[number], number>>;

/** Arrays that host and core share, in the order of `State`. */
const TABLES = [
  'delays',
  'toRank',
  'toOtherRank',
  'columnStep',
  'columnDelay',
  'windows',
  'bankCounts',
  'rankCounts',
  'subarrayAccesses',
  'readLatency',
  'writeLatency',
  'runs',
] as const;

/** What the core calls, if it is observed; see assembly/observer.ts. */
export interface CoreObserver {
  command(cycle: number, command: number, rank: number, bank: number, row: number): void;
  columns(
    cycle: number,
    command: number,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    step: number,
    condition: number,
    entered: number,
    enteredStep: number,
  ): void;
  forwarded(cycle: number): void;
}

/** Takes a run of `count` requests to consecutive columns of a row; `bank` is flat in its rank, `arrival` a cycle. */
export type TakesRun<Answer> = (
  write: boolean,
  rank: number,
  bank: number,
  row: number,
  column: number,
  count: number,
  arrival: number,
) => Answer;

/** Functions of assembly/index.ts. */
interface CoreExports {
  configure(): void;
  begin(readDone: number, writeDone: number): void;
  offer: TakesRun<number>;
  serve(runs: number): number;
  runUntil(limit: number, more: boolean): number;
  settle(cycle: number): void;
  cycle(): number;
  lastDone(): number;
  waiting(): number;
  peakReads(): number;
  peakWrites(): number;
  readsWaited(): number;
  writesWaited(): number;
  forwardedReads(): number;
}

/** One instance of the core, configured: its functions, its memory, and where in it the tables lie (byte offsets). */
export interface Core extends CoreExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly tables: Readonly<Record<(typeof TABLES)[number], number>>;
}

/** NEVER of assembly/state.ts: a cap of row hits that caps none. */
const NO_CAP = 2 ** 30;

/** Where `State` lies: STATE of assembly/state.ts. */
const STATE = 1024;

export type OpenCore = (settings: CoreSettings, observer?: CoreObserver) => Core;

const NOT_OBSERVED: CoreObserver = { command() {}, columns() {}, forwarded() {} };

/** Opens instances of a core, each for one channel and with its own memory. `binary`: a WebAssembly module. */
export function openCoreOf(binary: Uint8Array): OpenCore {
  let compiled: object | undefined;
  return (settings, observer = NOT_OBSERVED) => {
    compiled ??= new WebAssembly.Module(binary);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const exports = new WebAssembly.Instance(compiled, { env: { memory }, observer }).exports as CoreExports;
    new Int32Array(memory.buffer, STATE, SETTINGS.length).set(SETTINGS.map((name) => settings[name]));
    exports.configure();
    const pointers = new Int32Array(memory.buffer, STATE + SETTINGS.length * 4, TABLES.length);
    const tables = Object.fromEntries(TABLES.map((name, i) => [name, pointers[i]])) as Core['tables'];
    return { ...exports, memory, tables };
  };
}

const decoded = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The core with all that it can do. */
export const openWholeCore = openCoreOf(decoded(CORE_BINARY));

const openLeanCore = openCoreOf(decoded(LEAN_CORE_BINARY));

/**
 * The core of this program: the lean build, a fifth faster on scattered requests, for channels that ask for nothing that it
 * leaves out.
 */
export const openCore: OpenCore = (settings, observer) =>
  (isLean(settings) ? openLeanCore : openWholeCore)(settings, observer);

/** Whether every question of assembly/features.ts has the answer no. */
export function isLean(settings: CoreSettings): boolean {
  const { subarrays, openSubarrays, select, inOrder, autoPrecharge, rowHitCap, forwardWrites } = settings;
  const { pageTimeout, maxPostponed, powerDownAfter, selfRefreshAfter, siblings } = settings;
  return (
    subarrays === 0 &&
    openSubarrays <= 1 &&
    select + inOrder + autoPrecharge + forwardWrites + siblings === 0 &&
    rowHitCap >= NO_CAP &&
    maxPostponed === 0 &&
    Math.max(pageTimeout, powerDownAfter, selfRefreshAfter) < 0
  );
}
