import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'fflate';
import { InputError } from '../../src/errors/input-error.ts';
import { parseRunManifest } from '../../src/experiments/run-manifest.ts';
import { readCurve } from '../../src/experiments/training/training-curve.ts';
import { readTrainingManifest } from '../../src/experiments/training/training-manifest.ts';
import { writeBinaryMap } from '../../src/faults/map-binary.ts';
import { readMapCsv } from '../../src/faults/map-csv.ts';
import { mapShape } from '../../src/faults/weak-cell-map.ts';
import { programVersion } from '../../src/files/package.ts';
import { readBytes, readText } from '../../src/files/read-file.ts';
import { sha256 } from '../../src/files/sha256.ts';
import { loadAccelerator } from '../../src/hardware/load-accelerator.ts';
import { loadCircuitCurve } from '../../src/hardware/load-circuit-curve.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadStandard } from '../../src/hardware/load-standard.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import type { ModelSource } from '../../src/hardware/model-source.ts';
import type { CommandName } from '../../src/hardware/standard.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { openAddressMapping } from '../../src/inputs/open-address-mapping.ts';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import { readMapFile } from '../../src/inputs/read-map-file.ts';
import { readAnyNetwork, readNetwork } from '../../src/inputs/read-network.ts';
import { readSamples } from '../../src/inputs/read-samples.ts';
import { openTraceBytes } from '../../src/inputs/trace-bytes.ts';
import { openTrace } from '../../src/inputs/trace-files.ts';
import { runReport } from '../../src/report/run-report.ts';
import { readKept } from '../../src/reproduction/kept.ts';
import { parseTable } from '../../src/results/csv.ts';
import { parseRows } from '../../src/results/read-rows.ts';
import {
  CURVE_TABLE,
  OPERATING_POINT_TABLE,
  REPLAY_TABLE,
  RUN_TABLE,
  SIMULATE_TABLE,
} from '../../src/results/tables.ts';
import { RUN } from '../../src/settings/jobs/run.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import { DIEHL_COOK_NEURON } from '../../src/snn/neuron-constants.ts';
import { defaultsOf, parsePlan } from '../../src/sweep/plan.ts';
import { openSweep } from '../../src/sweep/store.ts';
import { ACCESS_FORMATS } from '../../src/trace/access-formats.ts';
import { emptyRun } from '../../src/trace/access-run.ts';
import { TEXT_COMMAND_FORMATS } from '../../src/trace/command-trace-formats.ts';
import { readCommandTrace } from '../../src/trace/command-trace-reader.ts';
import { createCommandTraceWriter } from '../../src/trace/command-trace-writer.ts';
import { formatLayers } from '../../src/weights/layers-file.ts';
import { tensorsOfNetwork } from '../../src/weights/network-file.ts';
import { parseNirLayers } from '../../src/weights/nir-layers.ts';
import { formatNpz } from '../../src/weights/npz.ts';
import type { Tensor } from '../../src/weights/tensor.ts';
import { readTensors, writeTensors } from '../../src/weights/weight-container.ts';
import { idxFile } from '../datasets/idx-files.ts';
import { organisation } from '../dram/organisations.ts';
import { smallNetwork } from '../snn/small-network.ts';
import { MEMORY, writeTrace } from '../trace/access-texts.ts';
import { ram2bin } from '../trace/ram2bin-file.ts';

/** A reader of the program: sound files that it takes, and how it is given one. */
export interface Reader {
  readonly name: string;
  readonly sound: readonly Uint8Array[];
  /** Reads the file; throws what the user would see. */
  read(file: string): Promise<unknown>;
  /** Ending of the file's name. */
  readonly ending: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function filesOf(folder: string): Promise<Uint8Array[]> {
  const names = (await readdir(join(root, folder))).sort();
  return Promise.all(names.map(async (name) => readFile(join(root, folder, name))));
}

const memory = organisation({});

/** Everything that the program reads, each reader with files that it takes. `folder` is for those that read a folder. */
export async function allReaders(folder: string): Promise<Reader[]> {
  return [
    ...(await traceReaders()),
    ...(await weightReaders()),
    ...(await modelReaders()),
    ...(await mapReaders()),
    ...(await datasetReaders(folder)),
    ...(await ownFiles(folder)),
    ...(await reportReaders(folder)),
  ];
}

async function traceReaders(): Promise<Reader[]> {
  const access = await readdir(join(root, 'test/trace/malformed'));
  const commands = await readdir(join(root, 'test/trace/malformed-commands'));
  const folders = (names: readonly string[]) => names.filter((name) => !name.includes('.')).sort();
  const readCommands = async (file: string): Promise<void> => {
    const { source, close } = await openTraceBytes(file);
    try {
      for (const _ of readCommandTrace(source, memory).commands);
    } finally {
      close();
    }
  };
  return [
    ...(await Promise.all(
      folders(access).map(
        async (name): Promise<Reader> => ({
          name: `access trace, ${name}`,
          sound: [soundAccesses(name)],
          ending: '.trace',
          async read(file) {
            const { trace, close } = await openTrace(file, { memory: MEMORY, clock: 800 });
            try {
              const run = emptyRun();
              while (trace.next(run));
            } finally {
              close();
            }
          },
        }),
      ),
    )),
    ...(await Promise.all(
      folders(commands).map(
        async (name): Promise<Reader> => ({
          name: `command trace, ${name}`,
          sound: [soundCommands(name)],
          ending: '.cmd',
          read: readCommands,
        }),
      ),
    )),
    {
      name: 'command trace, RAM2BIN',
      sound: [
        ram2bin([
          [10, 0, [0, 0, 0, 0, 5, 0]],
          [24, 3, [0, 0, 0, 0, 5, 3]],
          [60, 1, [0, 0, 0, 0, 5, 0]],
        ]),
      ],
      ending: '.bin',
      read: readCommands,
    },
  ];
}

/** Formats in which a write goes with a read, or none is. */
const READS_ALONE: readonly string[] = ['ramulator-cpu', 'scale-sim'];

/** A small access trace of a format, as the program writes it. */
function soundAccesses(name: string): Uint8Array {
  const format = ACCESS_FORMATS.find((known) => known === name)!;
  const run = (address: number, write: boolean, arrival: number) => ({
    ...emptyRun(),
    address,
    bytes: 64,
    write,
    arrival,
  });
  const runs = [
    run(0x1000, false, 0),
    run(0x1040, !READS_ALONE.includes(name), 10_000),
    run(0x8000, false, 20_000),
  ];
  return writeTrace(runs, format, { memory: MEMORY, clock: 800 }).bytes;
}

/** A small command trace of a format, as the program writes it. */
function soundCommands(name: string): Uint8Array {
  const format = TEXT_COMMAND_FORMATS.find((known) => known === name)!;
  let text = '';
  const writer = createCommandTraceWriter((piece) => (text += piece), format, memory);
  const at = (cycle: number, command: CommandName) => ({
    cycle,
    command,
    rank: 0,
    bank: 0,
    row: 5,
    column: 0,
  });
  for (const command of [
    at(10, 'ACT'),
    at(24, 'RD'),
    at(60, 'PRE'),
    at(90, 'ACT'),
    at(104, 'WR'),
    at(160, 'PRE'),
  ])
    writer.append(command);
  writer.end(200);
  return encode(text);
}

async function weightReaders(): Promise<Reader[]> {
  const network = { network: smallNetwork(), training: '{}', storage: 'fp32' } as const;
  const tensors = tensorsOfNetwork(network);
  const written = (name: string) => writeTensors(tensors, DIEHL_COOK_NEURON, name);
  const torch = await readdir(join(root, 'test/goldens/weights/torch'));
  const nir = (await readdir(join(root, 'test/goldens/weights/nir'))).filter((name) => name.endsWith('.nir'));
  const foreign = [
    ...(await Promise.all(
      ['plain.npz', 'objects.npz', 'odd-layout.npz'].map((name) =>
        readFile(join(root, 'test/goldens/weights', name)),
      ),
    )),
    ...(await Promise.all(
      torch.sort().map((name) => readFile(join(root, 'test/goldens/weights/torch', name))),
    )),
    ...(await Promise.all(nir.sort().map((name) => readFile(join(root, 'test/goldens/weights/nir', name))))),
  ].filter(({ length }) => length < 200_000);
  const graphs = ['snntorch-rleaky', 'sinabs-conv', 'nir-neurons', 'nir-nested'];
  const layered = await Promise.all(
    graphs.map((name) => readFile(join(root, `test/goldens/nir/${name}.nir`))),
  );
  const layers = await parseNirLayers(new Uint8Array(layered[1]!), 'sinabs-conv.nir');
  layered.push(Buffer.from(formatLayers(layers)));
  const own = await Promise.all(['n.safetensors', 'n.npz', 'n.nir'].map(written));
  return [
    ...['safetensors', 'npz', 'nir'].map(
      (name, k): Reader => ({
        name: `network, ${name}`,
        sound: [own[k]!],
        ending: `.${name}`,
        read: (file) => readNetwork(file),
      }),
    ),
    {
      name: 'networks of layers',
      sound: layered,
      ending: '.nir',
      read: (file) => readAnyNetwork(file),
    },
    {
      name: 'tensors of other programs',
      sound: foreign,
      ending: '.npz',
      read: async (file) => readTensors(await readBytes(file), file),
    },
  ];
}

async function modelReaders(): Promise<Reader[]> {
  /** The shipped models, but for those of one kind, which come from a file. */
  const withFile = (kind: string, file: string): ModelSource => ({
    list: modelFiles.list,
    read: async (asked, name) =>
      asked === kind ? { text: await readText(file), file } : modelFiles.read(asked, name),
  });
  const reader = async (folder: string, read: (file: string) => Promise<unknown>): Promise<Reader> => ({
    name: `hardware model, ${folder}`,
    sound: await filesOf(`hw-models/${folder}`),
    ending: '.yaml',
    read,
  });
  return [
    await reader('dram', (file) => loadDevice(file, modelFiles)),
    await reader('voltage', (file) => loadVoltageProfile(file, modelFiles)),
    await reader('accelerators', (file) => loadAccelerator(file, modelFiles)),
    await reader('standards', (file) => loadStandard('x', withFile('standards', file))),
    await reader('circuit', (file) => loadCircuitCurve('x', withFile('circuit', file))),
    {
      name: 'address mapping',
      sound: [encode('name: mine\norder: row-bank-column\n')],
      ending: '.yaml',
      read: (file) => openAddressMapping(file, MEMORY.organisation),
    },
  ];
}

async function mapReaders(): Promise<Reader[]> {
  const context = { shape: mapShape(memory), nominal: 1.35, lowest: 1 };
  const csv =
    'bank,row,bit,failure_voltage_V,flip_probability\n0,0,5,1.2,0.5\n0,1,77,1.15,1\n1,3,1023,1.1,0.25\n';
  const map = readMapCsv(csv, { ...context, file: 'map.csv' });
  return [
    {
      name: 'weak-cell map, CSV',
      sound: [encode(csv)],
      ending: '.csv',
      read: (file) => readMapFile(file, context),
    },
    {
      name: 'weak-cell map, binary',
      sound: [writeBinaryMap(map)],
      ending: '.wcm',
      read: (file) => readMapFile(file, context),
    },
  ];
}

async function datasetReaders(folder: string): Promise<Reader[]> {
  const own = join(folder, 'images');
  await mkdir(own);
  const images = idxFile('images', [2, 4, 4], new Uint8Array(32).fill(200)).bytes;
  const labels = idxFile('labels', [2], [1, 7]).bytes;
  const names = {
    images: ['train-images-idx3-ubyte', 't10k-images-idx3-ubyte'],
    labels: ['train-labels-idx1-ubyte', 't10k-labels-idx1-ubyte'],
  };
  const restore = async (): Promise<void> => {
    for (const name of names.images) await writeFile(join(own, name), images);
    for (const name of names.labels) await writeFile(join(own, name), labels);
  };
  await restore();
  await readDataset(own);
  const reader = (kind: 'images' | 'labels', sound: Uint8Array, packed: '' | '.gz' = ''): Reader => ({
    name: `IDX ${kind}${packed}`,
    sound: [sound],
    ending: packed,
    async read(file) {
      const name = join(own, names[kind][0]!);
      await rm(name);
      await writeFile(`${name}${packed}`, await readFile(file));
      try {
        await readDataset(own);
      } finally {
        await rm(`${name}${packed}`);
        await restore();
      }
    },
  });
  return [
    reader('images', images),
    reader('labels', labels),
    reader('images', gzipSync(images), '.gz'),
    reader('labels', gzipSync(labels), '.gz'),
    ...(await eventReaders(folder)),
  ];
}

async function eventReaders(folder: string): Promise<Reader[]> {
  const events = 'test/goldens/events';
  const nmnist = join(folder, 'nmnist');
  const recording = join(nmnist, 'Test/0/00001.bin');
  await mkdir(join(nmnist, 'Test/0'), { recursive: true });
  const arrays = { t: [0, 5, 9], unit: [3, 0, 2], shape: [4], offsets: [0, 2, 3], labels: [1, 0] };
  const tensors = Object.entries(arrays).map(([name, values]): [string, Tensor] => [
    name,
    { type: 'I32', shape: [values.length], bytes: new Uint8Array(Int32Array.from(values).buffer) },
  ]);
  return [
    {
      name: 'recording of N-MNIST',
      sound: [await readFile(join(root, events, 'nmnist/Test/0/00033.bin'))],
      ending: '.bin',
      async read(file) {
        await writeFile(recording, await readFile(file));
        await readSamples(nmnist);
      },
    },
    {
      name: 'events, SHD',
      sound: await Promise.all(
        ['shd_test.h5', 'shd_test_f32_gzip.h5'].map((name) => readFile(join(root, events, 'shd', name))),
      ),
      ending: '.h5',
      read: (file) => readSamples(file),
    },
    {
      name: 'events, npz',
      sound: [formatNpz({ tensors: new Map(tensors), metadata: new Map() }, 'events.npz')],
      ending: '.npz',
      read: (file) => readSamples(file),
    },
  ];
}

/** One row of a table with a value in each column, as CSV. */
const rowCsv = (columns: readonly string[]): string =>
  `${columns.join(',')}\r\n${columns.map((name) => (['meets_bound', 'profile_transferred'].includes(name) ? 'true' : /_V$|nJ|pJ|ns|rate|accuracy/.test(name) ? '0.75' : '1')).join(',')}\r\n`;

/** Folders whose page is made from the files in them: a merged sweep's and a search's. */
async function reportReaders(folder: string): Promise<Reader[]> {
  const reader = async (name: string, command: string, files: Record<string, string>): Promise<Reader[]> => {
    const own = join(folder, name);
    await mkdir(own);
    await writeFile(join(own, 'manifest.json'), JSON.stringify({ command }));
    for (const [file, text] of Object.entries(files)) await writeFile(join(own, file), text);
    return Object.entries(files).map(([file, text]) => ({
      name: `report of a ${name}, ${file}`,
      sound: [encode(text)],
      ending: file,
      async read(given) {
        await writeFile(join(own, file), await readFile(given));
        try {
          await runReport({ folder: own });
        } finally {
          await writeFile(join(own, file), text);
        }
      },
    }));
  };
  const outcome = { required: 0.7, choices: 4, refused: [], presentations: 100, presentationsUnpruned: 400 };
  return [
    ...(await reader('sweep-folder', 'sweep', {
      'results.csv': rowCsv([...RUN_TABLE.columns, 'axis_supply', 'axis_chip']),
    })),
    ...(await reader('search-folder', 'run --optimise', {
      'operating-points.csv': searchCsv(),
      'operating-points.json': JSON.stringify(outcome),
    })),
  ];
}

/** A search's baseline and one point. */
function searchCsv(): string {
  const [header, point] = rowCsv(OPERATING_POINT_TABLE.columns).trim().split('\r\n') as [string, string];
  const rows = ['baseline', 'front'].map((kind) =>
    point
      .split(',')
      .map((cell, c) => {
        const name = OPERATING_POINT_TABLE.columns[c]!;
        if (name === 'point') return kind;
        return ['knee', 'optimum'].includes(name) ? 'true' : cell;
      })
      .join(','),
  );
  return [header, ...rows, ''].join('\r\n');
}

/** What the program writes and reads again. */
async function ownFiles(folder: string): Promise<Reader[]> {
  const version = await programVersion();
  const configuration = completeJob(RUN, { dataset: 'mnist' });
  const manifest = encode(
    JSON.stringify({
      program: 'sparkxd',
      version,
      git_revision: null,
      command: 'run',
      configuration,
      configuration_sha256: sha256(JSON.stringify(configuration)),
      inputs: {},
    }),
  );
  const planText =
    'axes:\n  supply: { from: 1.35, to: 1.05, step: 0.05 }\n  chip: [1, 2]\nexclude:\n  - { chip: 2 }\n';
  const { plan } = parsePlan(planText, 'plan.yaml');
  const header = {
    program: 'sparkxd',
    version,
    command: 'sweep',
    fingerprint: 'x',
    plan,
    defaults: defaultsOf(plan),
    inputs: {},
  };
  const sweep = join(folder, 'sweep');
  await mkdir(sweep);
  const results = (
    name: string,
    table: typeof RUN_TABLE | typeof REPLAY_TABLE | typeof SIMULATE_TABLE,
  ): Reader => ({
    name: `results of ${name}`,
    sound: [encode(rowCsv(table.columns))],
    ending: '.csv',
    async read(file) {
      const text = await readText(file);
      await parseTable(text, file);
      await parseRows(table, text, file);
    },
  });
  return [
    {
      name: 'manifest of a run',
      sound: [manifest],
      ending: '.json',
      read: async (file) => parseRunManifest(await readText(file), file),
    },
    {
      name: 'manifest of a training',
      sound: [await readFile(join(root, 'networks/n400-mnist.manifest.json'))],
      ending: '.json',
      read: readTrainingManifest,
    },
    {
      name: 'plan of a sweep',
      sound: [encode(planText), await readFile(join(root, 'docs/examples/paper-grid.yaml'))],
      ending: '.yaml',
      read: async (file) => parsePlan(await readText(file), basename(file)),
    },
    {
      name: 'sweep.json',
      sound: [encode(JSON.stringify(header))],
      ending: '.json',
      async read(file) {
        await writeFile(join(sweep, 'sweep.json'), await readFile(file));
        await openSweep(sweep);
      },
    },
    results('run', RUN_TABLE),
    results('replay', REPLAY_TABLE),
    results('simulate', SIMULATE_TABLE),
    {
      name: 'curve of a training',
      sound: [encode(rowCsv(CURVE_TABLE.columns))],
      ending: '.csv',
      read: readCurve,
    },
    {
      name: 'what a reproduction keeps',
      sound: [encode(JSON.stringify({ fingerprint: 'x', sha256: sha256('[{"a":1}]'), value: [{ a: 1 }] }))],
      ending: '.json',
      async read(file) {
        const kept = await readKept(file, 'x');
        if (kept === undefined) throw new InputError('not as it was left');
        if (JSON.stringify(kept) !== '[{"a":1}]') throw new Error('an edited file was taken');
      },
    },
  ];
}
