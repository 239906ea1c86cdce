import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { createController } from '../../src/dram/controller.ts';
import { referenceController } from '../reference/controller.ts';
import { channels } from './random-channel.ts';
import { runCore } from './run-core.ts';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const PARTS = [
  'controller',
  'streak',
  'bank-candidates',
  'rank-work',
  'channel-state',
  'timing-table',
  'command-windows',
  'bank-queue',
] as const;
type Part = (typeof PARTS)[number];

/** Long streams of both kinds: short ones never fill a queue. */
const busy = fc
  .sample(channels, { seed: 21, numRuns: 1200 })
  .filter(({ bursts }) => bursts.length > 40)
  .sort((a, b) => a.bursts.length - b.bursts.length);
const cases = busy.map((channel) => ({
  channel,
  expected: referenceController(channel.organisation, channel.timing, channel.options, channel.bursts),
}));

const folder = await mkdtemp(join(tmpdir(), 'sparkxd-mutants-'));
afterAll(() => rm(folder, { recursive: true }));
let mutants = 0;

/** The core with one passage of its source replaced. */
async function mutant(part: Part, from: string, to: string): Promise<typeof createController> {
  const place = join(folder, String(mutants++));
  await mkdir(place);
  for (const name of PARTS) {
    let source = await readFile(`${SRC}dram/${name}.ts`, 'utf8');
    if (name === part) {
      expect(source.split(from).length, `"${from}" must occur once in ${part}.ts`).toBe(2);
      source = source.replace(from, () => to);
    }
    const own = new RegExp(`from '\\./(?!(${PARTS.join('|')})\\.ts)`, 'g');
    source = source.replace(own, `from '${SRC}dram/`).replace(/from '\.\.\//g, `from '${SRC}`);
    await writeFile(join(place, `${name}.ts`), source);
  }
  const module = await import(/* @vite-ignore */ pathToFileURL(join(place, 'controller.ts')).href);
  return (module as { createController: typeof createController }).createController;
}

/** Whether the core does in every case what the reference does. */
const survives = (create: typeof createController): boolean =>
  cases.every(({ channel, expected }) => {
    try {
      return (
        JSON.stringify(runCore(channel, create, { end: 4 * expected.lastDone + 10_000 })) ===
        JSON.stringify(expected)
      );
    } catch {
      return false;
    }
  });

describe('the reference catches a core without the rule that', () => {
  it.each<[string, Part, string, string]>([
    ['streaks end at other bank groups', 'streak', 'younger && delay >= step', 'younger'],
    ['streaks end at older columns', 'streak', '> age && its', '>= 0 && its'],
    ['streaks end at the rows of other banks', 'streak', 'if (ready + 1 < before) before = ready + 1;', ''],
    ['a row waits for no column after it is ready', 'streak', 'before = ready + 1', 'before = ready + 3'],
    [
      'streaks end with the run that feeds them',
      'streak',
      'count = s.portCount;',
      'count = s.portCount + 3;',
    ],
    ['streaks end at an arrival', 'streak', 'if (s.portArrival < before) before = s.portArrival;', ''],
    ['streaks end at a refresh', 'streak', 'limit < s.nextUrgent ? limit : s.nextUrgent', 'limit'],
    ['streaks end at idle work', 'streak', 'if (s.idleWork) before', 'if (false) before'],
    ['streaks look at the run that follows', 'streak', 'if (more) return 1;', ''],
    [
      'streaks leave the last column to auto-precharge',
      'streak',
      's.autoPrecharge ? size - 1 : size',
      'size',
    ],
    ['streaks end at the low watermark', 'streak', 'queue.count - s.lowWatermark', 'queue.count'],
    ['streaks end at the cap of row hits', 'streak', 's.rowHitCap - s.columns[bank]!', 's.rowHitCap'],
    [
      'a bank that wants nothing is woken by entry',
      'streak',
      'wanted === NOTHING || wanted === lane.lastColumn',
      'wanted === lane.lastColumn',
    ],
    [
      'entry makes a column of a precharge',
      'controller',
      '(wanted === PRE && s.portRow === s.openRow[bank])',
      'false',
    ],
    [
      'entry takes auto-precharge back',
      'controller',
      'if (wanted === lane.lastColumn) want(s, lane, bank);',
      '',
    ],
    [
      'both queues learn of an open row',
      'controller',
      '  noteCommand(s.table, chosen, rank, inRank, subarray, cycle);\n  wantBoth(s, bank);',
      '  noteCommand(s.table, chosen, rank, inRank, subarray, cycle);\n  want(s, lane, bank);',
    ],
    ['the high watermark', 'controller', 'writes.count >= s.highWatermark', 'writes.count > s.highWatermark'],
    ['the low watermark', 'controller', 'writes.count > s.lowWatermark', 'writes.count >= s.lowWatermark'],
    ['reads are forwarded only from their own burst', 'controller', 's.portColumn >= first &&', ''],
    ['a conflict stays a conflict', 'controller', 'if (queue.condition[segment] === HIT) ', ''],
    ['hits count from the activation', 'bank-candidates', 's.columns[bank] = 0;', ''],
    ['the cap of row hits', 'bank-candidates', 'hit === first || s.columns[bank]! < s.rowHitCap', 'true'],
    [
      'in order means the oldest alone',
      'bank-candidates',
      's.inOrder ? (queue.row[first] === row ? first : -1) : findRow(queue, first, row)',
      'findRow(queue, first, row)',
    ],
    [
      'two open subarrays: the older one goes',
      'bank-candidates',
      'PRE, first, open[0]!);',
      'PRE, first, open[1]!);',
    ],
    [
      'the selected subarray goes first',
      'bank-candidates',
      'if (selected >= 0) wantColumn',
      'if (hit === selected) wantColumn',
    ],
    ['refresh on time', 'rank-work', 's.due[rank]! + s.mayOwe', '1 + s.due[rank]! + s.mayOwe'],
    [
      'a refresh in debt is not ahead of need',
      'rank-work',
      'offerRefresh(s, rank, s.due[rank]!)',
      'offerRefresh(s, rank, s.cycle)',
    ],
    ['sleep waits for owed refreshes', 'rank-work', 'Math.min(due, deepFrom)', 'deepFrom'],
    ['timeouts spare wanted rows', 'rank-work', ' || isWanted(s, bank)', ''],
    ['timeouts count from the last use', 'rank-work', 's.used[bank]! + s.pageTimeout', 's.pageTimeout'],
    [
      'self-refresh puts refresh off',
      'rank-work',
      's.due[rank] = s.due[rank]! + cycle - s.asleepSince[rank]!;',
      '',
    ],
    ['banks take turns in refresh', 'rank-work', 's.refreshes[rank]!++;', ''],
    ['windows', 'command-windows', 'if (!window.preceding[command]) continue;', 'continue;'],
    [
      'the whole window',
      'command-windows',
      'position + 1 === length',
      'position + 1 >= Math.max(2, length - 1)',
    ],
    ['sibling banks', 'timing-table', 'if (bank !== own) raiseAll', 'if (bank === own) raiseAll'],
    ['sibling subarrays', 'timing-table', 'if (s !== own)', 'if (false)'],
    ['what commands to a rank wait for', 'timing-table', 'table.last[rank * K + command] = cycle;', ''],
    [
      'other ranks',
      'timing-table',
      'const delays = toRank[r === rank ? 0 : 1];',
      'const delays = toRank[0];',
    ],
    ['segments end where entry falters', 'bank-queue', 'else if (gap !== queue.step[segment]) return 0;', ''],
    [
      'the entry times of what is left',
      'bank-queue',
      '+ count * queue.step[segment]!',
      '+ queue.step[segment]!',
    ],
  ])('%s', async (_, part, from, to) => {
    expect(survives(await mutant(part, from, to))).toBe(false);
  });
});

describe('the core stays equal to the reference', () => {
  it.each<[string, Part, string, string]>([
    ['as it is', 'controller', 'const REBASE_AFTER', 'const REBASE_AFTER'],
    ['wherever the origin of its cycles moves', 'controller', 'REBASE_AFTER = 1 << 29', 'REBASE_AFTER = 50'],
    ['whenever ages are numbered anew', 'channel-state', '18 - bankBits', '1'],
    ['when it looks only a few cycles ahead', 'channel-state', '(1 << (31 - priorityBits)) - 1', '7'],
    ['with no streak at all', 'streak', '!s.table.streaks[lane.column]', 'true'],
  ])('%s', async (_, part, from, to) => {
    expect(survives(await mutant(part, from, to))).toBe(true);
  });
});
