import { fromBase64 } from '../../bytes/base64.ts';
import { CORE_BINARY } from './core-binary.ts';
import {
  LEAN_AGE_BITS,
  LEAN_BANK_BITS,
  leastAgeBits,
  NEVER,
  SETTING,
  type SettingName,
  SHARED_LENGTH,
  STATE,
  slotsPerGroup,
  TABLE,
  type TableName,
} from './layout.ts';
import { LEAN_CORE_BINARY } from './lean-core-binary.ts';

/** The part of the WebAssembly interface used here; the project's type library is the language's alone. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What the core must know about its channel before it begins; layout-table.ts says what each number means. */
export type CoreSettings = Readonly<Record<SettingName, number>>;

/** What the core calls for each command it issues, if it is observed. assembly/observer.ts describes the arguments. */
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
  idleUntil(limit: number): void;
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

/** One configured instance of the core: its functions, its memory, and the byte offsets of the shared tables in it. */
export interface Core extends CoreExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly tables: Readonly<Record<TableName, number>>;
}

export type OpenCore = (settings: CoreSettings, observer?: CoreObserver) => Core;

const NOT_OBSERVED: CoreObserver = { command() {}, columns() {}, forwarded() {} };

/** Opens instances of a core, each for one channel and with its own memory. `binary`: a WebAssembly module, asked for once. */
export function openCoreOf(binary: () => Uint8Array): OpenCore {
  let compiled: object | undefined;
  return (settings, observer = NOT_OBSERVED) => {
    compiled ??= new WebAssembly.Module(binary());
    const memory = new WebAssembly.Memory({ initial: 1 });
    const exports = new WebAssembly.Instance(compiled, { env: { memory }, observer }).exports as CoreExports;
    const shared = new Int32Array(memory.buffer, STATE, SHARED_LENGTH);
    for (const name of namesOf(SETTING)) shared[SETTING[name]] = settings[name];
    exports.configure();
    // Growing the memory in `configure` replaces its buffer.
    const addresses = new Int32Array(memory.buffer, STATE, SHARED_LENGTH);
    const tables = Object.fromEntries(
      namesOf(TABLE).map((name) => [name, addresses[TABLE[name]]]),
    ) as Core['tables'];
    return { ...exports, memory, tables };
  };
}

const namesOf = <Name extends string>(elements: Readonly<Record<Name, number>>): Name[] =>
  Object.keys(elements) as Name[];

/** The core with all features. */
export const openWholeCore = openCoreOf(() => fromBase64(CORE_BINARY));

const openLeanCore = openCoreOf(() => fromBase64(LEAN_CORE_BINARY));

/**
 * Opens the core of this program. Channels that need none of the features which the lean build leaves out get that build,
 * which is a quarter faster on scattered requests.
 */
export const openCore: OpenCore = (settings, observer) =>
  (isLean(settings) ? openLeanCore : openWholeCore)(settings, observer);

/** Whether these settings use none of the features of assembly/features.ts, and banks and queues are few enough. */
export function isLean(settings: CoreSettings): boolean {
  const { subarrays, openSubarrays, select, inOrder, autoPrecharge, rowHitCap, forwardWrites } = settings;
  const { pageTimeout, maxPostponed, serveActivated, powerDownAfter, selfRefreshAfter, siblings } = settings;
  const { ranks, bankGroups, banksPerGroup, readQueue, writeQueue } = settings;
  return (
    ranks * bankGroups * slotsPerGroup(banksPerGroup) <= 1 << LEAN_BANK_BITS &&
    leastAgeBits(Math.max(readQueue, writeQueue)) <= LEAN_AGE_BITS &&
    subarrays === 0 &&
    openSubarrays <= 1 &&
    select + inOrder + autoPrecharge + serveActivated + forwardWrites + siblings === 0 &&
    rowHitCap >= NEVER &&
    maxPostponed === 0 &&
    Math.max(pageTimeout, powerDownAfter, selfRefreshAfter) < 0
  );
}
