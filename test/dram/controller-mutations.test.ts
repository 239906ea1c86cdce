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
const PARTS = ['controller', 'timing-table', 'bank-queue'] as const;
type Part = (typeof PARTS)[number];

/** Long streams of both kinds: short ones never fill a queue. */
const busy = fc
  .sample(channels, { seed: 21, numRuns: 500 })
  .filter(({ bursts }) => bursts.length > 60)
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
      return JSON.stringify(runCore(channel, create)) === JSON.stringify(expected);
    } catch {
      return false;
    }
  });

describe('the reference catches the core without', () => {
  it.each<[string, Part, string, string]>([
    ['the end of a streak between bank groups', 'controller', ' || !table.columnsAlike[chosen]', ''],
    [
      'the end of a growing streak with its run',
      'controller',
      'count = portCount;',
      'count = portCount + 3;',
    ],
    [
      'the end of a streak at an arrival',
      'controller',
      'if (portArrival < before) before = portArrival;',
      '',
    ],
    ['the end of a streak at a refresh', 'controller', 'nextDue < limit ? nextDue : limit', 'limit'],
    ['a row in the cycle after it is ready', 'controller', 'before = ready + 1', 'before = ready + 3'],
    ['a look at the run that follows', 'controller', '} else if (more) return 1;', '}'],
    ['a new bank among those that want', 'controller', 'if (queue.head[portBank]! < 0) return 1;', ''],
    ['a column where a row was to be closed', 'controller', 'wanted === PRE && portRow', 'false && portRow'],
    ['reads that learn of an open row', 'controller', '    want(reads, wantReads, chosenBank);\n', ''],
    ['writes that learn of an open row', 'controller', '    want(writes, wantWrites, chosenBank);\n', ''],
    ['the high watermark', 'controller', 'writes.count >= highWatermark', 'writes.count > highWatermark'],
    ['refresh on time', 'controller', 'cycle < refreshDue[rank]!', 'cycle <= refreshDue[rank]!'],
    ['a conflict that stays one', 'controller', 'if (queue.condition[segment] === HIT) ', ''],
    ['windows', 'timing-table', 'windowsAfter[command]!', 'windowsAfter[command]!.slice(1)'],
    ['the whole window', 'timing-table', '% window', '% (window > 2 ? window - 1 : window)'],
    ['banks beside the own one', 'timing-table', 'if (siblingBanks[command])', 'if (false)'],
    ['what rank refresh waits for', 'timing-table', 'last[rank * K + command] = cycle;', ''],
    ['segments that end where entry falters', 'bank-queue', 'else if (gap !== step[segment]) return 0;', ''],
    ['the entry times of what is left', 'bank-queue', '+ count * step[segment]!', '+ step[segment]!'],
  ])('%s', async (_, part, from, to) => {
    expect(survives(await mutant(part, from, to))).toBe(false);
  });
});

describe('the core stays equal to the reference', () => {
  it.each<[string, Part, string, string]>([
    ['as it is', 'controller', 'const CLOSED = -1', 'const CLOSED = -1'],
    ['wherever the origin of its cycles moves', 'controller', 'REBASE_AFTER = 2 ** 29', 'REBASE_AFTER = 50'],
    ['whenever ages are numbered anew', 'controller', 'ROW_PRIORITY >> bankBits', '256'],
    ['with no streak at all', 'controller', '!table.streaks[chosen]', 'true'],
  ])('%s', async (_, part, from, to) => {
    expect(survives(await mutant(part, from, to))).toBe(true);
  });
});
