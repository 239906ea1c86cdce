import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LONG } from '../effort.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const HOST = fileURLToPath(new URL('host.mjs', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a user does, in a process of its own. */
export const sparkxdAlone = (...args: string[]): Promise<Ran> => runAlone([], args);

/**
 * Runs the built program: its command line, its output streams, its exit code. Runs that follow one another share a
 * process, except in the long tests, where each has its own.
 */
export const sparkxd = (...args: string[]): Promise<Ran> => sparkxdBy([], args);

/** The same behind another command, such as one that runs it as another user. */
export const sparkxdBy = (prefix: readonly string[], args: readonly string[]): Promise<Ran> =>
  LONG ? runAlone(prefix, args) : runShared(prefix, args);

/** The same in another folder. */
export const sparkxdIn = (folder: string, args: readonly string[]): Promise<Ran> =>
  LONG ? runAlone([], args, folder) : runShared([], args, folder);

function runAlone(prefix: readonly string[], args: readonly string[], cwd?: string): Promise<Ran> {
  const [command, ...rest] = [...prefix, process.execPath, PROGRAM, ...args];
  return new Promise((resolve) => {
    execFile(command!, rest, { maxBuffer: 2 ** 26, cwd }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

interface Host {
  readonly prefix: string;
  readonly process: ChildProcess;
}

/** Processes that have run the program and wait for the next run; they end with the process that asked. */
const idle: Host[] = [];

function openHost(prefix: readonly string[]): Host {
  const name = prefix.join(' ');
  const waiting = idle.findIndex((host) => host.prefix === name);
  if (waiting >= 0) return idle.splice(waiting, 1)[0]!;
  const [command, ...rest] = [...prefix, process.execPath, HOST, pathToFileURL(PROGRAM).href];
  return { prefix: name, process: spawn(command!, rest, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] }) };
}

/** What a host says when a run has ended; `last` if it must not run the program again. */
interface Answer {
  readonly code: number;
  readonly last: boolean;
}

let runs = 0;

function runShared(prefix: readonly string[], args: readonly string[], folder = process.cwd()): Promise<Ran> {
  const host = openHost(prefix);
  const mark = `\0end of run ${++runs}\0`;
  return new Promise((resolve) => {
    let answer: Answer | undefined;
    const said = { stdout: '', stderr: '' };
    const listeners = (['stdout', 'stderr'] as const).map((name) => {
      const stream = host.process[name]!.setEncoding('utf8');
      const listen = (text: string): void => {
        said[name] += text;
        endIfComplete();
      };
      stream.on('data', listen);
      return () => stream.off('data', listen);
    });
    const answered = (message: unknown): void => {
      answer = message as Answer;
      endIfComplete();
    };
    // The program ended its process, or the command before it could not be started.
    const closed = (code: number | null): void => end(code ?? Number.NaN);
    const failed = (): void => end(Number.NaN);
    const end = (code: number): void => {
      for (const remove of listeners) remove();
      host.process.off('message', answered).off('close', closed).off('error', failed);
      const [stdout, stderr] = [said.stdout, said.stderr].map((text) => text.replace(mark, ''));
      resolve({ code, stdout: stdout!, stderr: stderr! });
    };
    function endIfComplete(): void {
      if (answer === undefined || !said.stdout.endsWith(mark) || !said.stderr.endsWith(mark)) return;
      end(answer.code);
      if (answer.last) host.process.kill();
      else idle.push(host);
    }
    host.process.on('message', answered).on('close', closed).on('error', failed);
    host.process.send({ args, mark, folder }, (error) => error && failed());
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
