import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageFolder, programVersion } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';

/**
 * What a run needs to be repeated byte for byte: program, configuration, seeds, and a hash of every input. It holds
 * no date, no host, no number of workers: none of them may change a result.
 */
export interface Manifest {
  readonly program: 'sparkxd';
  readonly version: string;
  /** Revision of the program's own repository, where it runs from a checkout ("+" for local changes). */
  readonly git_revision: string | null;
  readonly command: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  /** SHA-256 of the configuration's JSON. */
  readonly configuration_sha256: string;
  /** SHA-256 of every file and dataset that was read, by its role and name ("device lpddr3-1600-4gb-sparkxd"). */
  readonly inputs: Readonly<Record<string, string>>;
}

/** `inputs` are SHA-256 by role and name, as an input recorder has them. */
export async function createManifest(
  command: string,
  configuration: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, string>>,
): Promise<Manifest> {
  return {
    program: 'sparkxd',
    version: await programVersion(),
    git_revision: await gitRevision(),
    command,
    configuration,
    configuration_sha256: sha256(JSON.stringify(configuration)),
    inputs,
  };
}

let revision: Promise<string | null> | undefined;

/** Asked once: it does not change while the program runs, and a reproduction makes hundreds of manifests. */
function gitRevision(): Promise<string | null> {
  revision ??= askGit();
  return revision;
}

async function askGit(): Promise<string | null> {
  const git = (...args: string[]) => promisify(execFile)('git', ['-C', packageFolder, ...args]);
  try {
    // An installed package may lie inside somebody else's repository, whose revision says nothing about it.
    const top = (await git('rev-parse', '--show-prefix')).stdout.trim();
    if (top !== '') return null;
    const revision = (await git('rev-parse', 'HEAD')).stdout.trim();
    const changes = (await git('status', '--porcelain', '--untracked-files=no')).stdout.trim();
    return changes === '' ? revision : `${revision}+`;
  } catch {
    return null;
  }
}
