import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemory } from '../../src/inputs/open-memory.ts';
import { readNetwork } from '../../src/inputs/read-network.ts';
import { createInputRecorder } from '../../src/inputs/recorder.ts';
import { EVALUATE } from '../../src/settings/jobs/evaluate.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import { parseNirTensors } from '../../src/weights/nir-tensors.ts';
import { numbersOf, type Tensor } from '../../src/weights/tensor.ts';
import { formatTensors, parseTensors } from '../../src/weights/weight-container.ts';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../goldens/weights/${name}`, import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-damage-'));
});
afterEach(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const floats = (shape: number[], value: (k: number) => number): Tensor => {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => value(k));
  return { type: 'F32', shape, bytes: new Uint8Array(values.buffer) };
};
const MODEL = {
  tensors: new Map<string, Tensor>([
    ['fc1.weight', floats([64, 100], (k) => Math.sin(k))],
    ['fc1.bias', floats([64], (k) => Math.cos(k))],
    ['steps', { type: 'I64', shape: [], bytes: Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0) }],
  ]),
  metadata: new Map([['format', 'pt']]),
};
/** Writes the model under a name and damages it at a supply where bits flip. */
async function damaged(name: string, out: string, ...flags: string[]) {
  await writeFile(at(name), formatTensors(MODEL, name));
  return sparkxd(
    'weights',
    'damage',
    at(name),
    '--supply',
    '1.025',
    '--mapping',
    'baseline',
    '--out',
    at(out),
    ...flags,
  );
}
const read = async (name: string) => parseTensors(await readFile(at(name)), name);

describe('sparkxd weights damage', () => {
  it('writes the tensors that a list of flips and the masks explain, and the same bytes each time', async () => {
    const flags = ['--repair', 'none', '--json', '--flips', at('f.csv'), '--masks', at('m.npz')];
    const ran = await damaged('w.safetensors', 'd.safetensors', ...flags);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const { tensors } = JSON.parse(ran.stdout);
    expect(tensors.map((row: { tensor: string }) => row.tensor)).toEqual(['fc1.weight', 'fc1.bias']);
    const [back, masks] = [await read('d.safetensors'), await read('m.npz')];
    expect([...masks.tensors.keys()]).toEqual(['fc1.weight', 'fc1.bias']);
    expect(back.metadata).toEqual(MODEL.metadata);
    expect(back.tensors.get('steps')).toEqual(MODEL.tensors.get('steps'));
    let flipped = 0;
    for (const [name, { type, shape, bytes }] of masks.tensors) {
      expect([type, shape]).toEqual(['U32', MODEL.tensors.get(name)!.shape]);
      const xored = MODEL.tensors.get(name)!.bytes.map((byte, k) => byte ^ bytes[k]!);
      expect(back.tensors.get(name)!.bytes).toEqual(xored);
      flipped += [...bytes].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    }
    const flips = parseCsv(await readFile(at('f.csv'), 'utf8'));
    expect(flips.length).toBe(flipped);
    expect(tensors.reduce((sum: number, row: { flipped_bits: number }) => sum + row.flipped_bits, 0)).toBe(
      flipped,
    );
    expect(flipped).toBeGreaterThan(100);
    for (const { tensor, index, bit, value_before, value_after, row } of flips.slice(0, 50)) {
      const mask = new Uint32Array(masks.tensors.get(tensor!)!.bytes.slice().buffer)[Number(index)]!;
      expect((mask >>> Number(bit)) & 1).toBe(1);
      expect(numbersOf(MODEL.tensors.get(tensor!)!)[Number(index)]).toBe(Number(value_before));
      expect(numbersOf(back.tensors.get(tensor!)!)[Number(index)]).toBe(Number(value_after));
      expect(Number(row)).toBeGreaterThanOrEqual(0);
    }
    const first = await readFile(at('d.safetensors'));
    await damaged('w.safetensors', 'again.safetensors.gz', ...flags.slice(0, 2));
    expect(gunzipSync(await readFile(at('again.safetensors.gz'))).equals(first)).toBe(true);
  });

  it('holds the weights of a network as evaluate does', async () => {
    const out = at('n.safetensors');
    const memory = ['--supply', '1.025', '--chip', '2', '--mapping', 'sparkxd', '--repair', 'clamp'];
    const ran = await sparkxd(
      'weights',
      'damage',
      'n400-mnist',
      '--tensor',
      'weight',
      '--out',
      out,
      ...memory,
    );
    expect(ran.code).toBe(0);
    const job = completeJob(EVALUATE, {
      weights: 'n400-mnist',
      supply: 1.025,
      chip: 2,
      mapping: 'sparkxd',
      repair: 'clamp',
    });
    const open = await openMemory(job, await readNetwork('n400-mnist'), createInputRecorder(), () => {
      throw new Error('no images');
    });
    const { weights } = open.hold(open.at(2, 1.025, 'sparkxd'));
    const found = numbersOf(parseTensors(await readFile(out), out).tensors.get('weight')!);
    // A network's weights have no sign: `evaluate` takes one that an error set for an error.
    const differing = weights.filter((weight, k) => weight !== found[k] && !(found[k]! < 0 && weight === 0));
    expect(differing.length).toBe(0);
  });

  it('takes formats, check bits and names with *, and writes npz', async () => {
    const flags = [
      '--tensor',
      '*.weight',
      '--format',
      'int8',
      '--ecc',
      'secded',
      '--masks',
      at('m.npz'),
      '--json',
    ];
    const ran = await damaged('w.npz', 'd.npz', ...flags);
    const { tensors, untouched } = JSON.parse(ran.stdout);
    expect(tensors).toMatchObject([{ tensor: 'fc1.weight', format: 'int8', stored_bytes: 7200 }]);
    expect(tensors[0].corrected_words).toBeGreaterThan(0);
    expect(untouched).toEqual(['fc1.bias', 'steps']);
    const back = await read('d.npz');
    expect([...back.tensors.keys()]).toEqual([...MODEL.tensors.keys()]);
    expect(back.tensors.get('fc1.bias')).toEqual(MODEL.tensors.get('fc1.bias'));
    expect((await read('m.npz')).tensors.get('fc1.weight')).toMatchObject({ type: 'U8', shape: [64, 100] });
    const worst = numbersOf(MODEL.tensors.get('fc1.weight')!).map((value, k) =>
      Math.abs(value - numbersOf(back.tensors.get('fc1.weight')!)[k]!),
    );
    expect(worst.filter((error) => error > 0.5 / 127).length).toBeLessThan(100);
  });

  it('reads a state dict of PyTorch', async () => {
    const out = at('d.safetensors');
    const ran = await sparkxd(
      'weights',
      'damage',
      golden('torch/state-dict.pt'),
      '--supply',
      '1.1',
      '--repair',
      'none',
      '--out',
      out,
    );
    expect(ran.code).toBe(0);
    expect([...parseTensors(await readFile(out), out).tensors.keys()].length).toBeGreaterThan(1);
  });

  it('damages any NIR graph in its own form', async () => {
    const out = at('d.nir');
    const flags = ['--supply', '1.025', '--mapping', 'baseline', '--tensor', '*.weight', '--quiet'];
    const ran = await sparkxd('weights', 'damage', golden('nir/recurrent.nir'), '--out', out, ...flags);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const [before, after] = await Promise.all(
      [golden('nir/recurrent.nir'), out].map(async (file) => parseNirTensors(await readFile(file), file)),
    );
    expect(after!.nodes).toEqual(before!.nodes);
    const differing = [...before!.tensors.tensors].filter(
      ([name, { bytes }]) => Buffer.compare(bytes, after!.tensors.tensors.get(name)!.bytes) !== 0,
    );
    expect(differing.map(([name]) => name)).toContain('w_rec.weight');
    expect(differing.every(([name]) => name.endsWith('.weight'))).toBe(true);
    const shown = JSON.parse((await sparkxd('weights', 'show', out, '--json')).stdout);
    expect(shown.nodes).toContainEqual({ key: 'cuba', type: 'CubaLIF' });
    expect(shown).toMatchObject({ runs: true, network: 'layered', obstacles: [] });
  });

  it.each([
    [
      ['--tensor', 'fc1.wieght', '--tensor', 'x'],
      /2 obstacles: it has no tensor "fc1.wieght"; it has no tensor "x"\n.*\n {2}did you mean fc1.weight/,
    ],
    [['--format', 'uint8', '--format', 'steps=int8'], /3 obstacles: --format steps=... is of no tensor/],
    [['--format', 'int9'], /known formats|did you mean/],
    [['--mapping', 'bit-plane'], /takes weights apart/],
    [
      ['--mapping', 'sparkxd', '--ber-limit', '1e-9'],
      /need \d+ DRAM rows, but only 0 lie in subarrays with a bit error rate/,
    ],
    [['--format', 'int4', '--ecc', 'parity'], /2 obstacles: parity protects weights of whole bytes/],
    [['--supply', '0.2'], /supply/],
    [['--prune-inputs', '0.1'], /unknown option/],
  ])('refuses %j, and writes nothing', async (flags, message) => {
    const ran = await damaged('w.safetensors', 'd.safetensors', ...flags);
    expect(ran.code).toBeGreaterThan(0);
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toMatch(message);
    expect(await readdir(folder)).toEqual(['w.safetensors']);
  });

  it('never writes over what it reads, also where that is a shipped network', async () => {
    const ran = await damaged('w.safetensors', 'w.safetensors');
    expect([ran.code, isRefusal(ran)]).toEqual([1, true]);
    const shipped = fileURLToPath(new URL('../../networks/n400-mnist.safetensors', import.meta.url));
    const over = await sparkxd('weights', 'damage', 'n400-mnist', '--supply', '1.1', '--out', shipped);
    expect([over.code, isRefusal(over)]).toEqual([1, true]);
    expect(over.stderr).toMatch(/written over the weights that are read/);
  });
});

describe('sparkxd weights show', () => {
  it('lists tensors with their ranges, and says what evaluate would', async () => {
    await writeFile(at('w.npz'), formatTensors(MODEL, 'w.npz'));
    const shown = JSON.parse((await sparkxd('weights', 'show', at('w.npz'), '--json')).stdout);
    expect(shown).toMatchObject({ form: 'npz', runs: false, metadata: ['format'] });
    expect(shown.obstacle).toMatch(/not a network of this program/);
    expect(shown.tensors[2]).toEqual({
      tensor: 'steps',
      shape: [],
      type: 'I64',
      bytes: 8,
      least: 7,
      greatest: 7,
      zeros: 0,
      not_finite: 0,
    });
    const { stdout, code } = await sparkxd('weights', 'show', 'n400-mnist');
    expect(code).toBe(0);
    expect(stdout).toMatch(/weight +784 x 400 +F32 +1254400/);
    expect(stdout).toMatch(/runs as a network/);
  });
});
