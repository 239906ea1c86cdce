import { type ByteSource, bytesInMemory } from '../../src/bytes/byte-source.ts';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { type AccessTraceOptions, type Losses, noLosses } from '../../src/trace/access-format.ts';
import type { AccessFormatName } from '../../src/trace/access-formats.ts';
import { type AccessRun, emptyRun } from '../../src/trace/access-run.ts';
import { createAccessTraceWriter, openAccessTrace } from '../../src/trace/access-trace.ts';
import { organisation } from '../dram/organisations.ts';

const memoryOrganisation = organisation({ ranks: 2, bankGroups: 2, banksPerGroup: 4, rows: 1024 });
export const MEMORY = {
  organisation: memoryOrganisation,
  mapping: createOrderedMapping(memoryOrganisation, 'row-bank-column'),
};

export type ReadOptions = AccessTraceOptions & { readonly format?: AccessFormatName };

export interface ReadTrace {
  readonly format: AccessFormatName;
  readonly runs: readonly AccessRun[];
  readonly losses: Losses;
}

/** All runs of a trace given as text or bytes. */
export function readTrace(content: string | Uint8Array, options: ReadOptions = {}, file = 't'): ReadTrace {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return readSource(bytesInMemory(bytes, file), options);
}

export function readSource(source: ByteSource, options: ReadOptions = {}): ReadTrace {
  const losses = noLosses();
  const trace = openAccessTrace(source, options, losses);
  const run = emptyRun();
  const runs: AccessRun[] = [];
  while (trace.next(run)) runs.push({ ...run });
  return { format: trace.format, runs, losses };
}

export function writeTrace(
  runs: readonly AccessRun[],
  format: AccessFormatName,
  options: AccessTraceOptions = {},
): { bytes: Uint8Array; losses: Losses } {
  const losses = noLosses();
  const pieces: Uint8Array[] = [];
  const writer = createAccessTraceWriter((piece) => pieces.push(piece), format, options, losses, {});
  for (const run of runs) writer.append(run);
  writer.end();
  return { bytes: new Uint8Array(Buffer.concat(pieces)), losses };
}

/** The message of the error that an action must end with. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

/** Runs that go on where the last one ended, in all other respects alike, as one: what a trace asks for, however it is cut. */
export function joined(runs: readonly AccessRun[]): AccessRun[] {
  const result: AccessRun[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    const follows =
      last &&
      last.address + last.bytes === run.address &&
      last.write === run.write &&
      last.arrival === run.arrival &&
      last.source === run.source;
    if (follows) last.bytes += run.bytes;
    else result.push({ ...run });
  }
  return result;
}
