import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAssembly } from '../../scripts/compile-assembly.mjs';
import { createController } from '../../src/dram/controller.ts';
import { openCoreOf } from '../../src/dram/core/open-core.ts';
import { cases, FULL, LONG } from '../effort.ts';
import { type ReferenceRun, referenceController } from '../reference/controller.ts';
import { channels, interleavedChannels, refreshingChannels, slowBankChannels } from './random-channel.ts';
import { runCore } from './run-core.ts';

const ASSEMBLY = fileURLToPath(new URL('../../src/dram/core/assembly/', import.meta.url));
type Part =
  | 'index'
  | 'configure'
  | 'entry'
  | 'issue'
  | 'streak'
  | 'candidates'
  | 'activated'
  | 'choice'
  | 'rank-work'
  | 'timing'
  | 'queue'
  | 'state';

/** Long streams of both kinds, for short ones never fill a queue; behind them those with frequent refreshes and with slow banks. */
const busy = [
  ...fc.sample(channels, { seed: 21, numRuns: 700 }),
  ...fc.sample(interleavedChannels, { seed: 22, numRuns: 600 }),
]
  .filter(({ bursts }) => bursts.length > 40)
  .sort((a, b) => a.bursts.length - b.bursts.length);
busy.push(
  ...fc.sample(refreshingChannels, { seed: 23, numRuns: 600 }).filter(({ bursts }) => bursts.length > 40),
  ...fc.sample(slowBankChannels, { seed: 24, numRuns: 100 }).filter(({ bursts }) => bursts.length > 40),
);

/**
 * The places in that list of streams that catch every mutant below between them. They are tried first; a mutant that
 * passes them is tried on all the others, so that what is proved does not depend on this choice, only how soon.
 */
const TELLING = [
  0, 4, 6, 7, 29, 34, 47, 52, 67, 76, 120, 122, 135, 222, 250, 262, 325, 329, 353, 377, 385, 794, 806, 947,
  1027, 1052, 1116, 1168, 1237, 1353, 1395, 1401,
];
const ordered = [...TELLING.map((place) => busy[place]!), ...busy.filter((_, i) => !TELLING.includes(i))];

const runs: ReferenceRun[] = [];
/** What the reference does with a stream, worked out when it is first asked for. */
const expectedOf = (i: number): ReferenceRun => {
  const { organisation, timing, options, bursts } = ordered[i]!;
  return (runs[i] ??= referenceController(organisation, timing, options, bursts));
};

/** The pause of searches for streaks, after which few of these short streams would have any; mutants search always. */
const PAUSE = 'LONGEST_PAUSE: i32 = ';

/** The core with one passage of its source replaced. */
async function mutant(part: Part, from: string, to: string): Promise<typeof createController> {
  const binary = await compileAssembly(
    'index.ts',
    async (name) => {
      const file = await readFile(ASSEMBLY + name, 'utf8').catch(() => null);
      const source = file === null ? null : file.replace(`${PAUSE}31`, `${PAUSE}0`);
      if (name !== `${part}.ts` || source === null) return source;
      expect(source.split(from).length, `"${from}" must occur once in ${name}`).toBe(2);
      return source.replace(from, () => to);
    },
    LONG ? '-O1' : '-O0',
  );
  const open = openCoreOf(() => binary);
  return (organisation, timing, options, observer) =>
    createController(organisation, timing, options, observer, open);
}

/** Whether the core does in each of the first streams what the reference does. */
const survives = (create: typeof createController, streams: number): boolean =>
  ordered.slice(0, streams).every((channel, i) => {
    const expected = expectedOf(i);
    try {
      return (
        JSON.stringify(runCore(channel, create, { end: 4 * expected.lastDone + 10_000 })) ===
        JSON.stringify(expected)
      );
    } catch {
      return false;
    }
  });

/** Each mutant takes a compilation of the core: `npm test` makes every twelfth, CI every third. */
const some = <Mutant>(mutants: readonly Mutant[]): Mutant[] =>
  mutants.filter((_, i) => LONG || i % (FULL ? 3 : 24) === 0);

describe('the reference catches a core without the rule that', () => {
  it.each(
    some<[string, Part, string, string]>([
      [
        'streaks end at other bank groups',
        'streak',
        'v128.and(v128.and(plain, younger), waits)',
        'v128.and(plain, younger)',
      ],
      [
        'streaks end at older columns',
        'streak',
        'v128.and(v128.and(plain, younger), waits)',
        'v128.and(plain, waits)',
      ],
      [
        'streaks end at the rows of other banks',
        'streak',
        'v128.bitselect(ready, row, anyColumn)',
        'v128.bitselect(ready, never, anyColumn)',
      ],
      [
        'a row waits for no column after it is ready',
        'streak',
        'i32x4.max_s(ready, shared), next)',
        'i32x4.max_s(ready, shared), i32x4.splat(3))',
      ],
      [
        'streaks end with the run that feeds them',
        'streak',
        'count = s.portCount;',
        'count = s.portCount + 3;',
      ],
      ['streaks end at an arrival', 'streak', 'before = min(before, s.portArrival);', 'before = before;'],
      ['streaks end at a refresh', 'streak', 'min(limit, s.nextUrgent)', 'limit'],
      [
        'streaks end at idle work',
        'streak',
        'return idleWork() ? min(before, nextIdleWork() + 1) : before',
        'return before',
      ],
      ['streaks look at the run that follows', 'streak', 'if (more) return -1;', ''],
      [
        'streaks leave the last column to auto-precharge',
        'streak',
        'autoPrecharge() ? size - 1 : size',
        'size',
      ],
      ['streaks end at the low watermark', 'streak', 'queue.count - s.lowWatermark', 'queue.count'],
      [
        'streaks end at the cap of row hits',
        'streak',
        's.rowHitCap - bankOf(bankSlot).columns',
        's.rowHitCap',
      ],
      ['turns are of two', 'streak', 'step >= own || 2 * step < own', 'step >= own'],
      [
        'turns wait for the partner',
        'streak',
        'max(readyOf(queue, partner), shared) > s.cycle + step',
        'false',
      ],
      ['turns end with the first', 'streak', ': 2 * segment.size - 1,', ': 2 * segment.size,'],
      ['turns end with the partner', 'streak', ': 2 * second.size,', ': 2 * second.size + 1,'],
      [
        'turns end at columns older than one of both',
        'streak',
        'max(segment.age, second.age)',
        'min(segment.age, second.age)',
      ],
      [
        'turns end with the run that feeds them',
        'streak',
        'if (s.feeding) count = min(count, s.portCount);',
        '',
      ],
      [
        'the last of the turns is the last',
        'issue',
        'if (own > ofPartner) finishTurn(queue, queue.column, bankSlot, segment, own, last);',
        'if (own > ofPartner) finishTurn(queue, queue.column, bankSlot, segment, own, last - 2 * step);',
      ],
      [
        'a bank that wants nothing is woken by entry',
        'streak',
        'candidate === NOTHING || candidate === queue.closingColumn',
        'candidate === queue.closingColumn',
      ],
      [
        'a bank waits for its group',
        'choice',
        'i32x4.max_s(v128.load(candidates, READY), shared)',
        'v128.load(candidates, READY)',
      ],
      [
        'auto-precharge and selection wait for their group',
        'choice',
        'if (!selectsSubarrays() && !autoPrecharge()) return shared;',
        'return shared;',
      ],
      ['each bank group has its own cycles', 'choice', 'earliest += VECTOR;', ''],
      ['each command has its own cycle', 'state', '0x03020100 + 0x04040404 * command', '0x03020100'],
      [
        'entry makes a column of a precharge',
        'entry',
        'if (!opensSubarrays() && s.portRow !== bank.openRow) return;',
        'if (!opensSubarrays()) return;',
      ],
      [
        'entry takes auto-precharge back',
        'entry',
        'if (!autoPrecharge() || candidate !== queue.closingColumn) {',
        'if (true) {',
      ],
      [
        'what stands chosen falls with what a bank wants',
        'entry',
        '  s.settled = 0;\n  updateCandidate(queue, bankSlot);\n}',
        '  updateCandidate(queue, bankSlot);\n}',
      ],
      [
        'both queues learn of an open row',
        'candidates',
        '  if (other.count > 0) updateCandidate(other, bankSlot);\n',
        '',
      ],
      [
        'a column holds back the rest of its bank',
        'issue',
        '    if (!emptied) refreshDelayed(queue, bankSlot, command);\n',
        '',
      ],
      [
        'a column holds back the other queue’s command to its bank',
        'issue',
        '    refreshDelayed(queue === s.reads ? s.writes : s.reads, bankSlot, command);\n',
        '',
      ],
      [
        'a column holds back its sibling banks',
        'issue',
        '  if (s.banksTouched) refreshAll();\n  else {\n    // A new',
        '  {\n    // A new',
      ],
      ['the high watermark', 'index', 'writes.count >= s.highWatermark', 'writes.count > s.highWatermark'],
      ['the low watermark', 'index', 'writes.count > s.lowWatermark', 'writes.count >= s.lowWatermark'],
      ['reads are forwarded only from their own burst', 'entry', 's.portColumn >= segment.column &&', ''],
      [
        'requests to one burst keep their order',
        'entry',
        'if (holdsRow(other)) return holdsBurst(other);',
        '',
      ],
      ['each run asks anew whether it waits for the other queue', 'entry', 's.portClear = 0;', ''],
      ['streaks end where requests may wait for the other queue', 'streak', 'mayWaitForOther() || ', ''],
      [
        'a drain begins for a read that waits',
        'index',
        'reads.count === 0 || s.readHeld',
        'reads.count === 0 || (s.readHeld && s.servedQueue === writes)',
      ],
      [
        'a drain lasts for a read that waits',
        'index',
        'reads.count === 0 || s.readHeld',
        'reads.count === 0 || (s.readHeld && s.servedQueue !== writes)',
      ],
      ['a read that begins to wait is seen at once', 'index', 'mayEnter() || mustHoldRead()', 'mayEnter()'],
      ['a conflict stays a conflict', 'issue', 'if (segment.condition === HIT) ', ''],
      ['hits count from the activation', 'candidates', 'bank.columns = 0;', ''],
      [
        'the cap of row hits',
        'candidates',
        'hit === first || !capsRowHits() || bank.columns < s.rowHitCap',
        'true',
      ],
      [
        'in order means the oldest alone',
        'candidates',
        'inOrder() ? (first.row === row ? first : null) : findSegment(queue, bankSlot, row)',
        'findSegment(queue, bankSlot, row)',
      ],
      [
        'two open subarrays: the older one goes',
        'candidates',
        'PRE, first, at(bank.openRows, 0)',
        'PRE, first, at(bank.openRows, 1)',
      ],
      [
        'the selected subarray goes first',
        'candidates',
        'if (selected !== null) setColumnCandidate(queue, bankSlot, selected)',
        'if (hit === selected) setColumnCandidate(queue, bankSlot, hit)',
      ],
      [
        'refresh on time',
        'rank-work',
        '<i64>rank.due + <i64>s.maxPostponed',
        '1 + <i64>rank.due + <i64>s.maxPostponed',
      ],
      [
        'a rank that owes refreshes stops early enough for the next',
        'rank-work',
        ' - <i64>s.refreshLead',
        '',
      ],
      [
        'activated rows give a column before a refresh',
        'rank-work',
        'if (servesActivated() && proposeActivated(rank)) holds = true;',
        'if (false) holds = true;',
      ],
      [
        'all other columns wait for those of activated rows',
        'index',
        'if (s.attention && chooseRankDuty()) again = chooseRow(queue);',
        'if (s.attention && chooseRankDuty() && false) again = chooseRow(queue);',
      ],
      [
        'rows go on while columns of activated rows are waited for',
        'index',
        'again = chooseRow(queue);',
        'again = NEVER;',
      ],
      [
        'of those rows too the oldest request goes first',
        'choice',
        'priorityOf(queue, bankSlot) > priorityOf(queue, first)',
        'priorityOf(queue, bankSlot) < priorityOf(queue, first)',
      ],
      ['a row gives no more than one column before a refresh', 'activated', ' || bank.columns > 0', ''],
      [
        'banks whose turn it is not give no column first',
        'activated',
        's.perBankRefresh ? s.refreshTurns : 1',
        '1',
      ],
      [
        'both queues may want a column before a refresh',
        'activated',
        'const write = oldestOfRow(s.writes, bankSlot, bank.openRow);',
        'const write = s.servedQueue === s.reads ? oldestOfRow(s.reads, bankSlot, -1) : oldestOfRow(s.writes, bankSlot, bank.openRow);',
      ],
      [
        'of both queues the oldest request has its column before a refresh',
        'activated',
        'read.entered < write.entered',
        'read.entered > write.entered',
      ],
      [
        'the first column that may go before a refresh goes',
        'activated',
        'cycle > from || (cycle === from && segment.entered > entered)',
        'first >= 0 && segment.entered > entered',
      ],
      [
        'of two columns that may go before a refresh the oldest goes',
        'activated',
        'segment.entered > entered',
        'segment.entered < entered',
      ],
      [
        'in order a column before a refresh is for the oldest of its queue',
        'activated',
        'segment === bankQueueOf(queue, bankSlot).head && oldestBank(queue) === bankSlot ? segment : null',
        'segment',
      ],
      [
        'a column before a refresh may close its row',
        'activated',
        'columnFor(reads ? s.reads : s.writes, segment)',
        '(reads ? s.reads : s.writes).column',
      ],
      [
        'a refresh in debt is not ahead of need',
        'rank-work',
        'proposeRefresh(rank, rank.due)',
        'proposeRefresh(rank, s.cycle)',
      ],
      ['sleep waits for owed refreshes', 'rank-work', 'min(rank.due, deepFrom)', 'deepFrom'],
      [
        'timeouts spare wanted rows',
        'rank-work',
        ' || hasRowHit(s.reads, bankSlot) || hasRowHit(s.writes, bankSlot)',
        '',
      ],
      [
        'timeouts count from the last use',
        'rank-work',
        'bankOf(bankSlot).used + s.pageTimeout',
        's.pageTimeout',
      ],
      [
        'self-refresh puts refresh off',
        'rank-work',
        'if (command === SRX) rank.due += cycle - rank.asleepSince;',
        '',
      ],
      [
        'banks take turns in refresh',
        'rank-work',
        'rank.target = rank.target + 1 === s.refreshTurns ? 0 : rank.target + 1;',
        '',
      ],
      [
        'every bank of an overdue refresh stops',
        'rank-work',
        'bank.inRank % s.refreshTurns === rank.target',
        'bank.inRank === rank.target',
      ],
      [
        'every bank of a refresh is closed first',
        'rank-work',
        '    closed = false;\n',
        '    closed = inRank !== rank.target;\n',
      ],
      [
        'a refresh in debt waits for requests to each of its banks',
        'rank-work',
        'bankQueueOf(s.writes, bankSlot).head !== null)\n      return false;',
        'bankQueueOf(s.writes, bankSlot).head !== null)\n      return inRank !== rank.target;',
      ],
      [
        'every bank of a refresh allows it',
        'timing',
        'max(earliest, bankCommandEarliest(REFpb, bankSlotOf(bank.rank, inRank), 0))',
        'bankCommandEarliest(REFpb, bankSlot, 0)',
      ],
      [
        'every bank of a refresh is busy',
        'timing',
        'noteBank(REFpb, rank, bankSlotOf(rank, inRank), 0, cycle)',
        'noteBank(REFpb, rank, bankSlot, 0, cycle)',
      ],
      ['windows', 'timing', 'if (((window.preceding >> command) & 1) === 0) continue;', 'continue;'],
      ['the whole window', 'timing', 'position + 1 === length', 'position + 1 >= max(2, length - 1)'],
      ['windows hold back only what they name', 'timing', 'i32x4(1, 2, 4, 8)', 'i32x4(15, 15, 15, 15)'],
      ['other bank groups', 'timing', 'own ? OWN_GROUP : OTHER_GROUP', 'own ? OWN_GROUP : OWN_GROUP'],
      [
        'a bank that closes is activated for both queues',
        'candidates',
        'if (write !== null) setCandidate',
        'if (false) setCandidate',
      ],
      ['sibling banks', 'timing', 'if (bankSlot !== own) raiseAll', 'if (bankSlot === own) raiseAll'],
      ['sibling subarrays', 'timing', 'if (subarray !== own) raiseAll', 'if (false) raiseAll'],
      [
        'what commands to a rank wait for',
        'timing',
        'put(s.last, rank * ALL_COMMANDS + command, cycle);',
        '',
      ],
      ['other ranks', 'timing', 'r === rank ? s.toRank : s.toOtherRank', 's.toRank'],
      [
        'rows go on only until something else may happen',
        'index',
        'while (s.cycle < until)',
        'while (until > 0)',
      ],
      ['a row that enters is found', 'queue', 'store<i32>(sharers, load<i32>(sharers) + 1);', ''],
      [
        'what a command delays in its own bank is looked up anew',
        'timing',
        'delayed |= 1 << later',
        'delayed = later',
      ],
      ['segments end where entry falters', 'queue', 'else if (gap !== segment.step) return 0;', ''],
      ['the entry times of what is left', 'queue', '<i64>count * segment.step', 'segment.step'],
    ]),
  )('%s', async (_, part, from, to) => {
    expect(survives(await mutant(part, from, to), ordered.length)).toBe(false);
  });
});

describe('the core stays equal to the reference', () => {
  it.each(
    some<[string, Part, string, string]>([
      ['as it is', 'index', 'const REBASE_AFTER', 'const REBASE_AFTER'],
      [
        'wherever the origin of its cycles moves',
        'index',
        'REBASE_AFTER: i32 = 1 << 29',
        'REBASE_AFTER: i32 = 50',
      ],
      [
        'whenever ages are numbered anew',
        'state',
        'return 1 << (WHOLE ? this.ageBits : LEAN_AGE_BITS)',
        'return 1 << 7',
      ],
      ['when it looks only a few cycles ahead', 'state', '(1 << (31 - this.priorityBits)) - 1', '7'],
      [
        'with no streak at all',
        'issue',
        'if (!closes && mayStreak(segment, bankSlot)',
        'if (false && mayStreak(segment, bankSlot)',
      ],
      ['with no turns at all', 'configure', 's.turns |= 1 << column', 's.turns = 0'],
      ['with searches for streaks that pause', 'streak', `${PAUSE}0`, `${PAUSE}31`],
      ['with turns wherever they may be', 'streak', 'WORTH_TURNS: i32 = 6', 'WORTH_TURNS: i32 = 2'],
    ]),
  )('%s', async (_, part, from, to) => {
    expect(survives(await mutant(part, from, to), cases(60, ordered.length))).toBe(true);
  });
});
