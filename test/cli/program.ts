import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a user does. */
export function sparkxd(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** A refusal: one to three lines that say what and what to do, no stack trace, nothing on stdout. */
export function isRefusal({ stdout, stderr }: Ran): boolean {
  const lines = stderr.trimEnd().split('\n');
  return (
    stdout === '' && lines.length >= 1 && lines.length <= 3 && !/\n\s+at .*\.[jt]s:\d+:\d+\)?$/m.test(stderr)
  );
}

/** Rows of an RFC 4180 file without quoted cells, by column name. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header, ...lines] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(header!.map((name, i) => [name, cells[i]!])));
}
