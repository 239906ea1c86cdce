import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import type { ModelSource } from '../../src/hardware/model-source.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { withoutPlaces } from '../hardware/without-places.ts';

const shipped = (path: string) => readFile(new URL(`../../hw-models/${path}`, import.meta.url), 'utf8');
const folder = await mkdtemp(join(tmpdir(), 'sparkxd-named-'));
afterAll(() => rm(folder, { recursive: true }));
const DEVICE = await shipped('dram/ddr4-2400-8gb.yaml');
const put = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

await mkdir(join(folder, 'folder'));
const FILES = {
  none: join(folder, 'none.yaml'),
  folder: join(folder, 'folder/'),
  broken: await put('broken.yaml', 'name: mine\ntitle: [a,\nsources: b\n'),
  dangling: await put('dangling.yaml', 'name: *nothing\n'),
  empty: await put('empty.yaml', ''),
  standard: await put('standard.yaml', await shipped('standards/ddr4.yaml')),
  curve: await put('curve.yaml', await shipped('circuit/voltron-spice.yaml')),
};

/** What is wrong: the file at fault (the device's own if none), its line, and the message. */
type Fault = readonly [name: string, file: string | undefined, line: number | undefined, what: RegExp];
const STANDARD: readonly Fault[] = [
  [FILES.none, FILES.none, undefined, /^cannot read the DRAM standard file: no such file or folder/],
  [FILES.folder, FILES.folder, undefined, /^cannot read the DRAM standard file: it is a folder/],
  [FILES.broken, FILES.broken, 3, /^not valid YAML: /],
  [FILES.dangling, FILES.dangling, 1, /^the alias "\*nothing" names nothing/],
  [FILES.empty, FILES.empty, 1, /^this is not a DRAM standard: it holds no keys/],
  [
    FILES.curve,
    FILES.curve,
    1,
    /^this is not a DRAM standard: it holds description, source, reference, points/,
  ],
  ['dddr4', undefined, undefined, /^unknown DRAM standard "dddr4"\n.*\n {2}did you mean ddr4\?$/],
];
const CURVE: readonly Fault[] = [
  [FILES.none, FILES.none, undefined, /^cannot read the circuit curve file: no such file or folder/],
  [FILES.folder, FILES.folder, undefined, /^cannot read the circuit curve file: it is a folder/],
  [FILES.broken, FILES.broken, 3, /^not valid YAML: /],
  [FILES.standard, FILES.standard, 1, /^this is not a circuit curve: it holds title, commands, /],
  [
    'voltron',
    undefined,
    undefined,
    /^unknown circuit curve "voltron"\n.*\n {2}known circuit curves: voltron-spice, voltron-table$/,
  ],
  ['voltron-spise', undefined, undefined, /^unknown circuit curve .*\n.*\n {2}did you mean voltron-spice\?$/],
];

describe.each([
  ['standard', 'standard: ddr4', 'standard: ', STANDARD],
  ['circuit curve', 'curve: voltron-spice', 'curve: ', CURVE],
])('a device that names a wrong %s', (what, from, key, faults) => {
  it.each(faults)('%s', async (name, file, line, message) => {
    expect(DEVICE.split(from)).toHaveLength(2);
    const device = await put('mine.yaml', DEVICE.replace(from, key + name));
    const error = await loadDevice(device, modelFiles).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    const { message: text, place } = error as InputError;
    expect(text).toMatch(message);
    expect(text.split('\n').length).toBeLessThanOrEqual(3);
    expect(place).toMatchObject({ file: file ?? device, ...(line === undefined ? {} : { line }) });
    const column = DEVICE.split('\n')[lineOf(DEVICE, from) - 1]!.indexOf(': ') + 3;
    const namedAt = `${device}:${lineOf(DEVICE, from)}:${column}`;
    expect(text).toContain(file === undefined ? `at ${namedAt}` : `named as its ${what} by ${namedAt}`);
  });
});

describe('what a device names', () => {
  it('may be files of the user', async () => {
    const mine = DEVICE.replace('standard: ddr4', `standard: ${FILES.standard}`).replace(
      'curve: voltron-spice',
      `curve: ${FILES.curve}`,
    );
    const own = await loadDevice(await put('mine.yaml', mine), modelFiles);
    const { provenance, ...rest } = await loadDevice('ddr4-2400-8gb', modelFiles);
    expect(withoutPlaces(own)).toMatchObject(withoutPlaces(rest));
    expect(own.provenance).toEqual(provenance);
  });

  it('is read through the source that it was given, and from nowhere else', async () => {
    const read: string[] = [];
    const recorder: ModelSource = {
      list: (kind) => modelFiles.list(kind),
      async read(kind, name) {
        const model = await modelFiles.read(kind, name);
        read.push(`${kind} ${name}`);
        return model;
      },
    };
    await loadDevice('ddr4-2400-8gb', recorder);
    expect(read.sort()).toEqual(['circuit voltron-spice', 'dram ddr4-2400-8gb', 'standards ddr4']);

    read.length = 0;
    const mine = DEVICE.replace('standard: ddr4', `standard: ${FILES.standard}`);
    const device = await put('mine.yaml', mine);
    await loadDevice(device, recorder);
    expect(read.sort()).toEqual(['circuit voltron-spice', `dram ${device}`, `standards ${FILES.standard}`]);

    // A source that holds nothing on disk: what it says is what the device has.
    const text: Readonly<Record<string, string>> = {
      'dram mine': DEVICE.replace('standard: ddr4', 'standard: his').replace(
        'curve: voltron-spice',
        'curve: hers',
      ),
      'standards his': (await shipped('standards/ddr4.yaml')).replace('name: ddr4', 'name: his'),
      'circuit hers': (await shipped('circuit/voltron-spice.yaml')).replace(
        'name: voltron-spice',
        'name: hers',
      ),
    };
    const memory: ModelSource = {
      list: async () => [],
      read: async (kind, name) => ({ text: text[`${kind} ${name}`]!, file: `${kind}/${name}` }),
    };
    const held = await loadDevice('mine', memory);
    expect([held.standard.name, held.supply.curve?.name]).toEqual(['his', 'hers']);
  });
});
