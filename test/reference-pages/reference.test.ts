import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { meaningOf, strayMeanings } from '../../src/reference/format-page.ts';
import { keysOfSchema } from '../../src/reference/schema-keys.ts';
import { PARAMETER_MEANINGS } from '../../src/reference/timing-parameters.ts';
import { FORMATS, referencePages } from '../../src/reference/write-reference.ts';

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url));

describe('docs/reference', () => {
  it('is what the schemas and settings say: npm run docs writes it', async () => {
    const pages = await referencePages(modelFiles);
    expect(Object.keys(pages).sort()).toEqual(readdirSync(folder).sort());
    for (const [name, text] of Object.entries(pages))
      expect([name, readFileSync(`${folder}${name}`, 'utf8')]).toEqual([name, text]);
  });

  it.each(FORMATS.map((format) => [format.page, format] as const))(
    'describes every key of %s, and no other',
    (_page, format) => {
      const keys = keysOfSchema(format.schema);
      expect(keys.length).toBeGreaterThan(5);
      for (const { path, type } of keys) {
        expect(meaningOf(format, path).length).toBeGreaterThan(3);
        expect(type).not.toBe('value');
      }
      expect(new Set(keys.map(({ path }) => path)).size).toBe(keys.length);
      expect(strayMeanings(format)).toEqual([]);
    },
  );

  it('knows what the parameters of DDR4 mean, which a device file must give', async () => {
    const { standard } = await loadDevice('ddr4-2400-8gb', modelFiles);
    for (const name of standard.parameters) expect(PARAMETER_MEANINGS[name], name).toBeDefined();
  });
});

// A device written from docs/reference/device.md alone, without reading any code, the first try kept as it was.
describe('a DDR4-3200 device made from the reference', () => {
  it('loads, with the cycles of its data sheet, and has energies at a lower supply', async () => {
    const file = fileURLToPath(new URL('ddr4-3200.yaml', import.meta.url));
    const device = await loadDevice(file, modelFiles);
    expect(device.clock).toBe(1600);
    const { parameters } = await resolveTiming(device, device.supply.nominal, 'nominal');
    expect(parameters).toMatchObject({ tRCD: 22, tRP: 22, tRAS: 52, tRC: 74, RL: 22, tREFI: 12480 });
    const low = await resolveTiming(device, 1.08, 'stretched');
    expect(low.parameters['tRCD']).toBeGreaterThan(22);
    expect(device.rails.map(({ name }) => name)).toEqual(['VDD', 'VPP']);
  });
});
