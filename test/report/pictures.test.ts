import fc from 'fast-check';
import { unzlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { confusionCounts, confusionSvg } from '../../src/report/confusion-svg.ts';
import { encodePng } from '../../src/report/png.ts';
import { rasterSvg } from '../../src/report/raster-svg.ts';
import { receptiveFields, sideBySide } from '../../src/report/receptive-fields.ts';

/** Reads back what `encodePng` writes: one IDAT, true colour, unfiltered rows. */
function decode(file: Uint8Array): { width: number; height: number; pixels: number[] } {
  const numbers = new DataView(file.buffer, file.byteOffset);
  expect([...file.subarray(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)));
  const [width, height] = [numbers.getUint32(16), numbers.getUint32(20)];
  const length = numbers.getUint32(33);
  const rows = unzlibSync(file.subarray(41, 41 + length));
  const pixels = Array.from({ length: height }, (_, y) => {
    expect(rows[y * (3 * width + 1)]).toBe(0);
    return [...rows.subarray(y * (3 * width + 1) + 1, (y + 1) * (3 * width + 1))];
  }).flat();
  return { width, height, pixels };
}

describe('PNG', () => {
  it('holds the pixels, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (width, height, seed) => {
          const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 97 + seed) & 255);
          expect(decode(encodePng({ width, height, pixels }))).toEqual({
            width,
            height,
            pixels: [...pixels],
          });
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  it('ends as every PNG does', () => {
    const file = encodePng({ width: 1, height: 1, pixels: new Uint8Array(3) });
    expect([...file.subarray(-12)]).toEqual([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
  });
});

describe('receptive fields', () => {
  it('put each weight at its pixel, white at 0, black at 1, red where no weight can be', () => {
    const shape = { imageRows: 1, imageColumns: 2, neurons: 2 };
    // inputs x neurons: neuron 0 has 0 and 1, neuron 1 has 0.5 and NaN.
    const picture = receptiveFields(shape, Float32Array.of(0, 0.5, 1, Number.NaN), 2);
    expect([picture.width, picture.height]).toEqual([7, 3]);
    const at = (x: number): number[] => [...picture.pixels.subarray(3 * (7 + x), 3 * (7 + x) + 3)];
    expect([1, 2, 4, 5].map(at)).toEqual([
      [255, 255, 255],
      [0, 0, 0],
      [128, 128, 128],
      [208, 32, 32],
    ]);
    const both = sideBySide(picture, picture);
    expect([both.width, both.height, both.pixels.length]).toEqual([22, 3, 22 * 3 * 3]);
  });
});

describe('the confusion matrix', () => {
  it('counts every image once, and those without an answer apart', () => {
    const counts = confusionCounts(Uint8Array.of(0, 1, 1, 0), Uint8Array.of(0, 0, 1, 255), 2);
    expect([...counts]).toEqual([1, 0, 1, 1, 1, 0]);
    expect(confusionSvg(counts, 2, 'a < b')).toContain('label 0, answer none: 1 of 2');
    expect(confusionSvg(counts, 2, 'a < b')).toContain('a &lt; b');
  });
});

describe('the raster', () => {
  it('has a mark for each spike', () => {
    const spikes = [
      { step: 0, unit: 0 },
      { step: 3, unit: 1 },
    ];
    const text = rasterSvg({ units: 4, spikes }, { units: 2, spikes: spikes.slice(1) }, 10, 'x');
    expect(text.match(/<circle/g)?.length).toBe(3);
    expect(text).toContain('inputs: 2 spikes of 4');
  });
});
