/** What a packet does to the memory that it reaches: reads it, writes it, or neither. */
export type Gem5Effect = 'read' | 'write' | 'none';

export interface Gem5Command {
  readonly name: string;
  readonly effect: Gem5Effect;
}

/** Names of MemCmd's commands from a number on, and what all of them do. */
const from = (first: number, effect: Gem5Effect, ...names: readonly string[]): [number, Gem5Command][] =>
  names.map((name, i) => [first + i, { name, effect }]);

/**
 * gem5's packet commands by their number in a trace (enum MemCmd::Command of src/mem/packet.hh, gem5 22.1 to 24; from 30
 * on, older versions count otherwise). A swap reads and writes one place at once; gem5's memory controller queues it as a
 * write. Responses, coherence messages and errors ask nothing of a memory.
 */
export const GEM5_COMMANDS: ReadonlyMap<number, Gem5Command> = new Map([
  ...from(1, 'read', 'ReadReq'),
  ...from(2, 'none', 'ReadResp', 'ReadRespWithInvalidate'),
  ...from(4, 'write', 'WriteReq'),
  ...from(5, 'none', 'WriteResp', 'WriteCompleteResp'),
  ...from(7, 'write', 'WritebackDirty', 'WritebackClean', 'WriteClean'),
  ...from(10, 'none', 'CleanEvict'),
  ...from(11, 'read', 'SoftPFReq', 'SoftPFExReq', 'HardPFReq'),
  ...from(14, 'none', 'SoftPFResp', 'HardPFResp'),
  ...from(16, 'write', 'WriteLineReq'),
  ...from(17, 'none', 'UpgradeReq', 'SCUpgradeReq', 'UpgradeResp', 'SCUpgradeFailReq', 'UpgradeFailResp'),
  ...from(22, 'read', 'ReadExReq'),
  ...from(23, 'none', 'ReadExResp'),
  ...from(24, 'read', 'ReadCleanReq', 'ReadSharedReq', 'LoadLockedReq'),
  ...from(27, 'write', 'StoreCondReq'),
  ...from(28, 'none', 'StoreCondFailReq', 'StoreCondResp'),
  ...from(30, 'read', 'LockedRMWReadReq'),
  ...from(31, 'none', 'LockedRMWReadResp'),
  ...from(32, 'write', 'LockedRMWWriteReq'),
  ...from(33, 'none', 'LockedRMWWriteResp'),
  ...from(34, 'write', 'SwapReq'),
  ...from(35, 'none', 'SwapResp'),
  ...from(38, 'none', 'MemFenceReq', 'MemSyncReq', 'MemSyncResp', 'MemFenceResp'),
  ...from(42, 'none', 'CleanSharedReq', 'CleanSharedResp', 'CleanInvalidReq', 'CleanInvalidResp'),
  ...from(46, 'none', 'InvalidDestError', 'BadAddressError', 'ReadError', 'WriteError'),
  ...from(50, 'none', 'FunctionalReadError', 'FunctionalWriteError', 'PrintReq', 'FlushReq'),
  ...from(54, 'none', 'InvalidateReq', 'InvalidateResp', 'HTMReq', 'HTMReqResp', 'HTMAbort', 'TlbiExtSync'),
]);
