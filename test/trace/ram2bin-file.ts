const LEVELS = ['Channel', 'Rank', 'BankGroup', 'Bank', 'Row', 'Column'];
const COMMANDS = ['ACT', 'PREpb', 'PREab', 'RD', 'WR', 'RDA', 'WRA', 'REFab', 'CAS_RD'];

export type Entry = readonly [clock: number, command: number, place: readonly number[]];
interface Shape {
  readonly version?: readonly [number, number];
  readonly levels?: readonly string[];
  readonly commands?: readonly string[];
}

/** The file as Ramulator's recorder lays it out (bin_trace_recorder.cpp), field after field. */
export function ram2bin(entries: readonly Entry[], shape: Shape = {}): Uint8Array {
  const { version = [1, 1], levels = LEVELS, commands = COMMANDS } = shape;
  const out: number[] = [];
  const number = (value: number, bytes: number): void => {
    for (let i = 0n; i < bytes; i++) out.push(Number((BigInt(value) >> (8n * i)) & 255n));
  };
  const name = (text: string): void => {
    out.push(...new TextEncoder().encode(text), 0);
  };
  name('RAM2BIN');
  out.push(...version);
  for (const value of [0, levels.length, commands.length, 2, 64, 8, 8]) number(value, 2);
  for (const value of [0, 16]) number(value, 4);
  number(entries.length, 8);
  number(0, 8);
  out.push(...new TextEncoder().encode('DDR4'), ...new Array<number>(12).fill(0));
  for (const level of levels) name(level);
  for (const _ of levels) number(4, 4);
  for (const command of commands) name(command);
  for (const _ of commands) out.push(1);
  if (version[1] >= 1) for (const _ of commands) out.push(1);
  name('nBL');
  name('nCL');
  number(4, 4);
  number(16, 4);
  while (out.length % 8 !== 0) out.push(0);
  const offset = out.length;
  for (const [clock] of entries) number(clock, 8);
  for (const _ of entries) number(-1, 8);
  for (const [, command] of entries) out.push(command);
  for (const _ of entries) out.push(255);
  for (const _ of entries) number(-1, 2);
  levels.forEach((_, k) => {
    for (const [, , place] of entries) number(place[k]!, 4);
  });
  const bytes = Uint8Array.from(out);
  new DataView(bytes.buffer).setBigUint64(40, BigInt(offset), true);
  return bytes;
}
