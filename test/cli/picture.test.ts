import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idxFile } from '../datasets/idx-files.ts';
import { FULL } from '../effort.ts';
import { leftAndRight } from '../snn/small-network.ts';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-picture-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd picture', () => {
  it('draws fields clean and with errors, as wide as both', async () => {
    const widthOf = async (name: string): Promise<number> => (await readFile(at(name))).readUInt32BE(16);
    expect((await sparkxd('picture', 'fields', '--out', at('clean.png'))).code).toBe(0);
    expect((await sparkxd('picture', 'fields', '--supply', '1.025', '--out', at('both.png'))).code).toBe(0);
    expect(await widthOf('both.png')).toBe(2 * (await widthOf('clean.png')) + 8);
  });

  it('counts as many right answers as evaluate', async () => {
    const images = ['--images', '200'];
    await sparkxd('picture', 'confusion', ...images, '--out', at('confusion.svg'));
    const evaluated = await sparkxd('evaluate', '--weights', 'n400-mnist', ...images, '--json');
    const { accuracy } = JSON.parse(evaluated.stdout) as { accuracy: number };
    expect(await readFile(at('confusion.svg'), 'utf8')).toContain(
      `${(accuracy * 100).toFixed(2)} % of 200 images`,
    );
  });

  it('refuses to count more images than there are', async () => {
    const ran = await sparkxd('picture', 'confusion', '--images', '10001', '--out', at('more.svg'));
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toContain('10001 images are requested, the test images are 10000');
    await expect(access(at('more.svg'))).rejects.toThrow();
  });

  it('draws the spikes of one image, and refuses one that is not there', async () => {
    expect((await sparkxd('picture', 'raster', '--out', at('raster.svg'))).code).toBe(0);
    expect(await readFile(at('raster.svg'), 'utf8')).toContain('test image 0, label 7');
    const ran = await sparkxd('picture', 'raster', '--image', '10000', '--out', at('none.svg'));
    expect(isRefusal(ran)).toBe(true);
    await expect(access(at('none.svg'))).rejects.toThrow();
    expect((await sparkxd('picture', 'face', '--out', at('none.svg'))).code).toBe(2);
  });

  it.runIf(FULL)(
    'draws accuracy against training images, whose measuring leaves the training as it is',
    async () => {
      // Small images of two kinds: 120, of which 100 train.
      const { pixels, labels } = leftAndRight(120, 20);
      for (const split of ['train', 't10k']) {
        await writeFile(at(`${split}-images-idx3-ubyte`), idxFile('', [120, 20, 20], pixels).bytes);
        await writeFile(at(`${split}-labels-idx1-ubyte`), idxFile('', [120], labels).bytes);
      }
      const short = ['train', '--dataset', folder, '--epochs', '3', '--jobs', '1'];
      expect((await sparkxd(...short, '--out', at('plain.safetensors'))).code).toBe(0);
      const ran = await sparkxd(...short, '--out', at('seen.safetensors'), '--curve', at('curve.csv'));
      expect(ran.code).toBe(0);
      expect(await readFile(at('seen.safetensors'))).toEqual(await readFile(at('plain.safetensors')));
      const points = parseCsv(await readFile(at('curve.csv'), 'utf8'));
      expect(points.map(({ presentations }) => presentations)).toEqual(['100', '200', '300']);
      expect(points.every((point) => point['validation_images'] === '20')).toBe(true);

      const curve = ['--curve', at('curve.csv')];
      expect((await sparkxd('picture', 'accuracy', ...curve, '--out', at('accuracy.svg'))).code).toBe(0);
      const svg = await readFile(at('accuracy.svg'), 'utf8');
      expect(svg).toContain('training images shown');
      expect(svg).toContain('N400');
      const none = await sparkxd('picture', 'accuracy', '--out', at('no.svg'));
      expect(isRefusal(none)).toBe(true);
      expect(none.stderr).toContain('--curve FILE');
      await writeFile(at('other.csv'), 'a,b\n1,2\n');
      const other = await sparkxd('picture', 'accuracy', '--curve', at('other.csv'), '--out', at('no.svg'));
      expect(isRefusal(other)).toBe(true);
      expect(other.stderr).toMatch(/columns are not those .*"a"\n.*other\.csv:1\n.*make the results again/);
    },
  );

  it('shows as many neurons as the network has, and refuses more', async () => {
    const ran = await sparkxd('picture', 'fields', '--neurons', '401', '--out', at('more.png'));
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toContain('401 neurons are requested, n400-mnist has 400');
    await expect(access(at('more.png'))).rejects.toThrow();
    expect((await sparkxd('picture', 'fields', '--neurons', '400', '--out', at('all.png'))).code).toBe(0);
  });

  it.each([
    ['fields', '--images', '5', 'it belongs to confusion'],
    ['accuracy', '--chip', '2', 'does not read --chip'],
    ['accuracy', '--weights', 'n900-mnist', 'it belongs to fields and confusion and raster'],
    ['fields', '--curve', 'x.csv', 'it belongs to accuracy'],
    ['fields', '--dataset', 'mnist', 'it belongs to confusion and raster'],
    ['fields', '--seed', '2', 'add --supply'],
    ['confusion', '--image', '3', 'it belongs to raster'],
    ['confusion', '--repair', 'clamp', 'add --supply'],
    ['raster', '--neurons', '9', 'it belongs to fields'],
    ['raster', '--chip', '2', 'add --supply'],
  ])('%s refuses %s, which it would ignore', async (kind, option, value, remedy) => {
    const ran = await sparkxd('picture', kind, option, value, '--out', at('ignored'));
    expect(ran.code).toBe(1);
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toContain(remedy);
    await expect(access(at('ignored'))).rejects.toThrow();
  });
});
