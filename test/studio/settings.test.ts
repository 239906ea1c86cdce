import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { POLICY } from '../../src/cli/studio/serve.ts';
import { sha256 } from '../../src/studio/host/sha256.ts';
import { CHOICES, commandOf, jobOf, STUDIO_IMAGES } from '../../src/studio/settings.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('settings of the studio', () => {
  it('are a job of sparkxd run with the same defaults', () => {
    expect(jobOf({ supply: '1.1' })).toMatchObject({
      supplies: [1.1],
      mappings: ['baseline'],
      chips: 1,
      images: STUDIO_IMAGES,
      weights: 'n400-mnist',
      format: 'fp32',
    });
    expect(jobOf({ supply: '1050mV', format: 'int8', 'error-model': '2', temperature: '60' })).toMatchObject({
      supplies: [1.05],
      format: 'int8',
      errorModel: 2,
      temperature: 60,
    });
  });

  it('refuse what is unknown, more than one point, and texts that stand for nothing', () => {
    expect(() => jobOf({ suply: '1' })).toThrow('did you mean supply?');
    expect(() => jobOf({ supply: '1.1,1.2' })).toThrow('one supply and one mapping at a time');
    expect(() => jobOf({ supply: '1.1', mapping: 'baseline,eden' })).toThrow('one supply and one mapping');
    expect(() => jobOf({ supply: 'high' })).toThrow();
    expect(() => jobOf({ supply: '1.1', format: 'fp64' })).toThrow('format is "fp64"');
    expect(() => jobOf({ supply: '1.1', chips: '0' })).toThrow('chips');
  });

  it('say the command that gives the same numbers', () => {
    expect(commandOf({ supply: '1.1' })).toBe(
      'sparkxd run --supply 1.1 --mapping baseline --chips 1 --images 1000',
    );
    expect(
      commandOf({ supply: '1.1', weights: "it's mine.npz", chips: '3', ecc: 'secded', repair: 'zero' }),
    ).toBe(
      "sparkxd run --weights 'it'\\''s mine.npz' --supply 1.1 --mapping baseline --chips 3 --ecc secded --images 1000",
    );
  });

  it('offer words where there are words', () => {
    const words = Object.fromEntries(CHOICES.map((choice) => [choice.name, choice.words]));
    expect(words['mapping']).toContain('sparkxd');
    expect(words['error-model']).toEqual(['0', '1', '2', '3']);
    expect(words['ecc']).toContain('secded');
    expect(words['device']).toBeUndefined();
  });
});

describe('the page', () => {
  it('has the policy of the server in itself, and the images that the build writes', () => {
    const inPage = /Content-Security-Policy"\s+content="([^"]*)"/.exec(
      read('src/studio/page/index.html'),
    )?.[1];
    expect(`${inPage}; frame-ancestors 'none'`).toBe(POLICY);
    expect(read('scripts/build-studio.mjs')).toContain(`const IMAGES = ${STUDIO_IMAGES};`);
  });

  it('hashes as Node does', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_001]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256);
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
    expect(sha256('Größe')).toBe(createHash('sha256').update('Größe').digest('hex'));
  });
});
