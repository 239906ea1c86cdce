import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { programVersion } from '../files/package.ts';
import { readText } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Manifest } from '../results/manifest.ts';
import { RUN, type RunJob } from '../settings/jobs/run.ts';
import { parseJob } from '../settings/parse-job.ts';
import { pointCount } from './run.ts';

/** More points than anybody looks at. */
const MOST_POINTS = 1_000_000;

const manifestSchema = z.object({
  program: z.literal('sparkxd'),
  version: z.string(),
  git_revision: z.string().nullable(),
  command: z.literal('run'),
  // Parsed apart: a schema would put its keys in another order, and their hash would be another.
  configuration: z.record(z.string(), z.unknown()),
  configuration_sha256: z.string(),
  inputs: z.record(z.string(), z.string()),
});

/** A run's manifest, and the job that it states. */
export interface RunManifest {
  readonly manifest: Manifest;
  readonly job: RunJob;
}

/** Reads the manifest of a run. Throws InputError as `parseRunManifest` does, and for a file that cannot be read. */
export async function readRunManifest(file: string): Promise<RunManifest> {
  return parseRunManifest(await readText(file, { what: 'no results of sparkxd run here' }), file);
}

/**
 * A run's manifest from its text. Throws InputError for text that is none, for one of another version, for a
 * configuration that is not the one that was run, and for a setting of it that no run can have.
 */
export async function parseRunManifest(text: string, file: string): Promise<RunManifest> {
  const place = { file };
  const { data: manifest } = manifestSchema.safeParse(parseJson(text, file));
  if (!manifest) throw new InputError('not the manifest of a sparkxd run', { place });
  const version = await programVersion();
  if (manifest.version !== version)
    throw new InputError(`results of sparkxd ${manifest.version}; this is ${version}`, {
      place,
      remedy: 'verify them with the version that made them',
    });
  if (sha256(JSON.stringify(manifest.configuration)) !== manifest.configuration_sha256)
    throw new InputError('the configuration is not the one that was run: its SHA-256 differs', { place });
  const job = parseJob(RUN, manifest.configuration, { file, key: 'configuration' });
  const points = pointCount(job);
  if (points > MOST_POINTS)
    throw new InputError(`the configuration has ${points} points, more than ${MOST_POINTS}`, { place });
  return { manifest, job };
}

const boundSchema = z.looseObject({ configuration: z.looseObject({ bound: z.number() }) });

/** The bound that a run's manifest states, of whatever version it is. Throws InputError for text that states none. */
export function statedBound(text: string, file: string): number {
  const { data } = boundSchema.safeParse(parseJson(text, file));
  if (!data) throw new InputError('not the manifest of a sparkxd run', { place: { file } });
  return data.configuration.bound;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('not JSON', { place: { file }, cause: error });
  }
}
