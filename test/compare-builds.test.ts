import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL } from './effort.ts';

// Builds of three lines stand in for sparkxd: what they print and write is given, and so is what may differ.
const SCRIPT = join(import.meta.dirname, '../scripts/compare-builds.mjs');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compare-builds-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A checkout whose program prints the JSON, writes its own arguments and the CSV, or fails. */
function build(name: string, json: unknown, csv = 'a,b\n1,x\n2,y\n', exitCode = 0): string {
  const checkout = join(folder, name);
  mkdirSync(join(checkout, 'dist/cli'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(checkout, 'dist/cli/main.js'),
    `import { writeFileSync } from 'node:fs';
writeFileSync('out.csv', ${JSON.stringify(csv)});
writeFileSync('words.json', JSON.stringify(process.argv.slice(2)));
process.stdout.write(${JSON.stringify(JSON.stringify(json))});
process.exitCode = ${exitCode};
`,
  );
  return checkout;
}

const CASES = {
  commands: {
    run: {
      settings: { '--seed': '1', '--quiet': true },
      outputs: ['stdout', 'out.csv', 'words.json'],
      cases: [{ name: 'plain', settings: { '--seed': '2' }, quick: true }, { name: 'other' }],
    },
    'map explain': {
      cases: [{ name: 'made', arguments: ['@made/run/plain/out.csv'], new: { '--new-name': 'x' } }],
    },
  },
};

function compare(before: string, after: string, table: object = {}, words: string[] = ['--only', 'run']) {
  const [cases, tableFile] = ['cases.json', 'table.json'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  writeFileSync(cases, JSON.stringify(CASES));
  writeFileSync(tableFile, JSON.stringify(table));
  const args = [SCRIPT, before, after, '--cases', cases, '--table', tableFile, ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('scripts/compare-builds.mjs', () => {
  const rows = { rows: [{ ber: 0.5, name: 'x' }, { ber: 1 }] };

  it('says that equal builds are equal, and counts the values', () => {
    const { status, stdout } = compare(build('old', rows), build('new', rows));
    expect(status).toBe(0);
    // Three values and the length in JSON, four and the number of rows in CSV, four words and their number; twice.
    expect(stdout).toMatch(/^run +2 cases, 28 values, 28 equal, 0 different/);
  });

  it('finds one changed number in JSON and one in CSV', () => {
    const changed = { rows: [{ ber: 0.5, name: 'x' }, { ber: 1.0000000000000002 }] };
    const { status, stdout } = compare(build('old', rows), build('new', changed, 'a,b\n1.0,x\n2,z\n'));
    expect(status).toBe(1);
    expect(stdout).toContain('plain, stdout, row 1, rows[].ber: old 1, new 1.0000000000000002');
    expect(stdout).toContain('plain, out.csv, row 2, b: old "y", new "z"');
    expect(stdout).toContain('4 different');
  });

  it.runIf(FULL)('finds rows and values that are missing', () => {
    const { status, stdout } = compare(
      build('old', rows),
      build('new', { rows: [{ name: 'x' }, { ber: 1 }] }),
    );
    expect(status).toBe(1);
    expect(stdout).toContain('row 0, rows[].ber: old 0.5, new (absent)');
    const shorter = compare(build('old', rows), build('new', rows, 'a,b\n1,x\n'));
    expect(shorter.status).toBe(1);
    expect(shorter.stdout).toContain('(rows): old 2, new 1');
  });

  it.runIf(FULL)('compares a renamed column, and all below it, under its new name', () => {
    const before = { top: { ber: 0.5 } };
    const table = { renames: { run: { top: 'summit', a: 'c' } } };
    const same = compare(
      build('old', before),
      build('new', { summit: { ber: 0.5 } }, 'c,b\n1,x\n2,y\n'),
      table,
    );
    expect(same.status).toBe(0);
    expect(same.stdout).toContain('6 renamed');
    const changed = compare(build('old', before), build('new', { summit: { ber: 0.6 } }), table);
    expect(changed.status).toBe(1);
    expect(changed.stdout).toContain('top.ber -> summit.ber: old 0.5, new 0.6');
  });

  it.runIf(FULL)('takes a lost column for a difference unless it is listed, a new one for a note', () => {
    const [before, after] = [build('old', { kept: 1, lost: 2 }), build('new', { kept: 1, added: 3 })];
    const unlisted = compare(before, after);
    expect(unlisted.status).toBe(1);
    expect(unlisted.stdout).toContain('lost: old 1 values, new (no such column)');
    const onlyIn = [{ command: 'run', column: 'lost', build: 'old', reason: 'nobody read it' }];
    const listed = compare(before, after, { onlyIn });
    expect(listed.status).toBe(0);
    expect(listed.stdout).toContain('lost: only in the old build: nobody read it');
    expect(listed.stdout).toContain('added: only in the new build: not listed in the table');
  });

  it.runIf(FULL)('counts values that are meant to differ, in the case that is named', () => {
    const [before, after] = [
      build('old', rows),
      build('new', { rows: [{ ber: 0.4, name: 'x' }, { ber: 1 }] }),
    ];
    const meant = { command: 'run', column: 'rows[].*', reason: 'a fault was mended' };
    expect(compare(before, after, { meant: [meant] }).status).toBe(0);
    const narrow = compare(before, after, { meant: [{ ...meant, case: 'plain' }] });
    expect(narrow.status).toBe(1);
    expect(narrow.stdout).toContain('1 different, 1 meant');
  });

  it.runIf(FULL)('takes a command that fails for a difference, even if it fails in both builds', () => {
    const { status, stdout } = compare(build('old', rows), build('new', rows, undefined, 3));
    expect(status).toBe(1);
    expect(stdout).toContain('old succeeds, new fails: exit code 3');
    expect(compare(build('old', rows, undefined, 3), build('new', rows, undefined, 3)).status).toBe(1);
  });

  it.runIf(FULL)('hands on what the old build made, and settings of one build', () => {
    const { status, stdout } = compare(build('old', rows), build('new', rows), {}, [
      '--only',
      'map',
      '--keep',
    ]);
    expect(status).toBe(0);
    const kept = /files of both builds: (.*)/.exec(stdout)![1]!;
    const words = spawnSync('cat', [join(kept, 'new/map explain/made/words.json')], {
      encoding: 'utf8',
    }).stdout;
    rmSync(kept, { recursive: true });
    expect(JSON.parse(words)).toEqual([
      'map',
      'explain',
      '--new-name',
      'x',
      join(kept, 'old/run/plain/out.csv'),
    ]);
  });

  it('runs only the quick cases with --quick', () => {
    const { stdout } = compare(build('old', rows), build('new', rows), {}, ['--quick']);
    expect(stdout).toMatch(/^run +1 case,/);
    expect(stdout).not.toContain('map explain');
  });

  it('refuses a wrong command line with exit code 2', () => {
    const [before, after] = [build('old', rows), build('new', rows)];
    const unknown = compare(before, after, {}, ['--only', 'runs']);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('no cases of the command runs; there are run, map explain');
    expect(compare(before, join(folder, 'nowhere')).stderr).toContain('has no dist/cli/main.js');
    expect(compare(before, join(folder, 'nowhere')).status).toBe(2);
  });
});
