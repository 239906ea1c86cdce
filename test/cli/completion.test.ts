import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND_LIST } from '../../src/cli/command-list.ts';
import { isRefusal, sparkxd } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'sparkxd-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'a file.trace'), '0x0 R\n');
const scripts = {
  bash: await sparkxd('completion', 'bash'),
  zsh: await sparkxd('completion', 'zsh'),
  fish: await sparkxd('completion', 'fish'),
};
for (const [shell, { stdout }] of Object.entries(scripts)) writeFileSync(join(folder, shell), stdout);

/** What bash's own completion gives for a command line whose last word is being written. */
function completed(...words: string[]): string[] {
  const program = `
    source ${folder}/bash
    spec=$(complete -p sparkxd); [[ $spec == 'complete -F _sparkxd sparkxd' ]] || exit 3
    COMP_WORDS=(sparkxd "$@"); COMP_CWORD=$#; COMP_LINE="sparkxd $*"; COMP_POINT=\${#COMP_LINE}
    _sparkxd sparkxd "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
    ((\${#COMPREPLY[@]})) && printf '%s\\n' "\${COMPREPLY[@]}"
    exit 0`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', program, 'bash', ...words], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('sparkxd completion bash, in a real bash', () => {
  it('completes every command, and subcommands', () => {
    expect(completed('').filter((word) => !word.startsWith('-'))).toEqual(
      COMMAND_LIST.map(({ name }) => name),
    );
    expect(completed('repl')).toEqual(['replay']);
    expect(completed('errors', 'ex')).toEqual(['explain']);
    expect(completed('devices', 'sh')).toEqual(['show']);
  });

  it('completes the options of the command that stands there', () => {
    expect(completed('replay', 'x.sxt', '--sup')).toEqual(['--supply']);
    expect(completed('devices', 'show', 'ddr4-2400-8gb', '--supp')).toEqual(['--supply']);
    expect(completed('check', '--sup')).not.toContain('--suplly');
    expect(completed('--vers')).toEqual(['--version']);
  });

  it('completes words, shipped names and files as values, and each word of a list', () => {
    expect(completed('run', '--device', 'ddr4-2400-8')).toEqual(['ddr4-2400-8gb', 'ddr4-2400-8x8gb']);
    expect(completed('run', '--mapping', 'spark')).toEqual(expect.arrayContaining(['sparkxd']));
    expect(completed('run', '--mapping', 'baseline,spark')).toEqual(
      expect.arrayContaining(['baseline,sparkxd']),
    );
    expect(completed('evaluate', '--weights', 'n400')).toEqual(['n400-fashion-mnist', 'n400-mnist']);
    expect(completed('replay', 'a')).toEqual(['a file.trace']);
    expect(completed('replay', '--profile', 'voltron-p')).toEqual(['voltron-population']);
    expect(completed('run', '--chips', '')).toEqual([]);
    expect(completed('devices', 'show', 'voltron-s')).toEqual(['voltron-spice']);
  });
});

describe('sparkxd completion for other shells', () => {
  it('names every command and option of bash', () => {
    const options = new Set(scripts.bash.stdout.match(/--[a-z][a-z-]+/g));
    expect(options.size).toBeGreaterThan(150);
    for (const option of options) {
      expect(scripts.zsh.stdout).toContain(option);
      expect(scripts.fish.stdout).toContain(`-l ${option.slice(2)}`);
    }
  });

  it.each([
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ] as const)('is a script that %s can read, where there is one', (shell, flags) => {
    const { error, status, stderr } = spawnSync(shell, [...flags, join(folder, shell)], { encoding: 'utf8' });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return;
    expect([status, stderr]).toEqual([0, '']);
  });

  it('refuses a shell that it does not know', async () => {
    const ran = await sparkxd('completion', 'bsh');
    expect(ran.code).toBe(2);
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toContain('did you mean bash?');
  });
});

it('--help-all has the help of every command and subcommand', async () => {
  const { code, stdout } = await sparkxd('--help-all');
  expect(code).toBe(0);
  for (const { name } of COMMAND_LIST) expect(stdout).toContain(`\n==================== sparkxd ${name}\n`);
  expect(stdout).toContain('==================== sparkxd devices show\n');
  expect(stdout).toContain('--row-hit-cap');
});

describe('a word that is near a subcommand', () => {
  it.each([
    [['errors', 'explin'], 'unknown subcommand', 'Did you mean explain?'],
    [['devices', 'shw'], 'unknown subcommand', 'Did you mean show?'],
    [['run', 'everything'], 'run takes no argument', '--help'],
  ])('%j is refused with what was meant', async (words, what, hint) => {
    const ran = await sparkxd(...words);
    expect(ran.code).toBe(2);
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toContain(what);
    expect(ran.stderr).toContain(hint);
  });
});
