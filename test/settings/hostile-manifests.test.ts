import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { parseRunManifest } from '../../src/experiments/run-manifest.ts';
import { programVersion } from '../../src/files/package.ts';
import { sha256 } from '../../src/files/sha256.ts';
import { RUN } from '../../src/settings/jobs/run.ts';
import { completeJob } from '../../src/settings/parse-job.ts';

/** A manifest of a run with settings as somebody may have edited them, its hash made to fit. */
async function manifestWith(changes: object): Promise<string> {
  const configuration = { ...completeJob(RUN, { dataset: 'mnist' }), ...changes };
  return JSON.stringify({
    program: 'sparkxd',
    version: await programVersion(),
    git_revision: null,
    command: 'run',
    configuration,
    configuration_sha256: sha256(JSON.stringify(configuration)),
    inputs: {},
  });
}

async function refusalOf(changes: object): Promise<string[]> {
  const started = performance.now();
  const error = await parseRunManifest(await manifestWith(changes), 'manifest.json').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(performance.now() - started).toBeLessThan(2000);
  return (error as InputError).message.split('\n');
}

describe('a manifest that somebody edited', () => {
  it('is read when its settings are those of a run', async () => {
    const { job } = await parseRunManifest(await manifestWith({ chips: 7 }), 'manifest.json');
    expect(job.chips).toBe(7);
  });

  it.each([
    ['chips', { chips: 1e9 }],
    ['chips', { chips: 5e9 }],
    ['chips', { chips: 0 }],
    ['mappings', { mappings: ['nope'] }],
    ['mappings', { mappings: ['constructor'] }],
    ['mappings', { mappings: Array.from({ length: 50_000 }, () => 'baseline') }],
    ['mappings', { mappings: [] }],
    ['images', { images: -1 }],
    ['images', { images: 1.5 }],
    ['images', { images: 'x' }],
    ['format', { format: 'constructor' }],
    ['format', { format: '__proto__' }],
    ['law', { law: -3 }],
    ['dataEnergy', { dataEnergy: 'z' }],
    ['berLimit', { berLimit: 'x' }],
    ['occupied', { occupied: -1 }],
    ['nope', { controller: { nope: 1 } }],
    ['controller', { controller: 3 }],
    ['supplies', { supplies: ['a'] }],
    ['supplies', { supplies: Array.from({ length: 100_000 }, (_, i) => 1 + i * 1e-6) }],
    ['seed', { seed: 0.5 }],
    ['bound', { bound: null }],
    ['chip', { chip: 1 }],
  ])('names %s in %j, in at most three lines', async (key, changes) => {
    const lines = await refusalOf(changes);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.join('\n')).toContain(key);
    expect(lines.join('\n')).toContain('manifest.json');
    for (const line of lines) expect(line.length).toBeLessThan(400);
  });

  it('may not ask for more points than anybody looks at', async () => {
    const supplies = Array.from({ length: 9000 }, (_, i) => 1.1 + i * 1e-5);
    const lines = await refusalOf({ supplies, chips: 10_000 });
    expect(lines[0]).toMatch(/points, more than 1000000/);
  });

  it('is refused as text that is no JSON, or no manifest', async () => {
    await expect(parseRunManifest('{', 'm.json')).rejects.toThrow(/not JSON/);
    await expect(parseRunManifest('[]', 'm.json')).rejects.toThrow(/not the manifest/);
    await expect(parseRunManifest('null', 'm.json')).rejects.toThrow(/not the manifest/);
  });
});
