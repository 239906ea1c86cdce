import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireDistinctFiles } from '../../src/cli/distinct-files.ts';
import { csv, maybeFile } from '../../src/settings/output-settings.ts';
import { required } from '../../src/settings/setting.ts';
import { text } from '../../src/settings/values.ts';

const SETTINGS = {
  trace: required({ ...text, value: 'TRACE', positional: true, help: 'a trace' }),
  weights: required({ ...text, help: 'weights' }),
  csv,
  bankCsv: maybeFile('banks'),
};

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sparkxd-distinct-'));
  writeFileSync(at('trace'), 'x');
  linkSync(at('trace'), at('hard'));
  symlinkSync(at('trace'), at('soft'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check =
  (values: Readonly<Record<string, unknown>>, overInputs = false) =>
  () =>
    requireDistinctFiles(SETTINGS, { trace: at('trace'), weights: 'n400-mnist', ...values }, overInputs);

describe('files of a command line', () => {
  it('may be any that differ, and devices twice', () => {
    expect(check({})).not.toThrow();
    expect(check({ csv: at('a'), bankCsv: at('b') })).not.toThrow();
    expect(check({ csv: '/dev/null', bankCsv: '/dev/null' })).not.toThrow();
    expect(check({ csv: '-', bankCsv: at('b') })).not.toThrow();
  });

  it('are refused where an output would take the place of an input', () => {
    for (const name of ['trace', 'hard', 'soft'])
      expect(check({ csv: at(name) })).toThrow(/--csv would write over TRACE, which is read/);
    expect(check({ weights: at('trace'), trace: '-', bankCsv: at('trace') })).toThrow(
      /--bank-csv would write over --weights/,
    );
    expect(check({ csv: at('trace') }, true)).not.toThrow();
  });

  it('are refused where two outputs go to one place', () => {
    expect(check({ csv: at('new'), bankCsv: join(folder, '.', 'new') })).toThrow(/write to one place/);
    expect(check({ csv: at('hard'), bankCsv: at('soft') }, true)).toThrow(/write to one place/);
    expect(check({ csv: '-', bankCsv: '-' })).toThrow(/one place: standard output/);
  });
});
