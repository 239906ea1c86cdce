import './without-eval.ts';
import { InputError } from '../../errors/input-error.ts';
import { printableLine } from '../../errors/printable.ts';
import { rowOf } from '../../experiments/run-points.ts';
import { nothingKnown } from '../../experiments/unknown-points.ts';
import { assetNames } from '../host/assets.ts';
import type { FromModel, ToModel } from '../messages.ts';
import { CHOICES, commandOf, jobOf, type SettingTexts } from '../settings.ts';
import { createClassifier } from './classify.ts';
import { curvePoint, curveSupplies } from './curve.ts';
import { type OpenModel, openModel, rangeOf } from './open-models.ts';
import { takeFile, traceFile, traceNames } from './take-file.ts';
import { cellsOf, fieldsOf, latenciesOf, planOf } from './views.ts';

type Settings = Extract<ToModel, { kind: 'settings' }>;

const tell = (message: FromModel, transfer: Transferable[] = []): void => postMessage(message, { transfer });

/** A processor is left to this worker and one to the page, as far as there are any. */
const classifier = createClassifier(Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)));

let wanted: (Settings & { readonly since: number }) | undefined;
let busy = false;
/** The settings that came in last. */
let latest = -1;
/** The settings that were answered last. */
let current: SettingTexts = {};
/** Counts files that were dropped, so that what was read of an earlier one is not taken for the later one's. */
let files = 0;

addEventListener('message', ({ data }: MessageEvent<ToModel>) => {
  if (data.kind === 'settings') {
    wanted = { ...data, since: performance.now() };
    latest = data.id;
    if (!busy) void workOff();
  } else void take(data);
});

/** Takes a file that was dropped, for the settings that are shown. */
async function take({ name, bytes }: Extract<ToModel, { kind: 'file' }>): Promise<void> {
  files++;
  try {
    tell({ kind: 'dropped', name, file: await takeFile(name, bytes, current) });
  } catch (error) {
    tell({ kind: 'dropped', name, file: { message: inWords(error) } });
  }
}

tell({
  kind: 'offers',
  offers: {
    choices: CHOICES,
    shipped: {
      weights: assetNames('networks', '.safetensors'),
      dataset: assetNames('dist/studio-images', '.idx3-ubyte'),
      device: assetNames('hw-models/dram', '.yaml'),
      profile: assetNames('hw-models/voltage', '.yaml'),
      curve: assetNames('hw-models/circuit', '.yaml'),
    },
  },
});

/** Works off the latest settings; those that came in between are left out. */
async function workOff(): Promise<void> {
  busy = true;
  while (wanted) {
    const settings = wanted;
    wanted = undefined;
    try {
      await answer(settings);
    } catch (error) {
      tell({ kind: 'failed', id: settings.id, message: inWords(error) });
    }
  }
  busy = false;
}

const inWords = (error: unknown): string => {
  if (error instanceof InputError) return error.message;
  console.error(error);
  return `${printableLine(error instanceof Error ? error.message : String(error))}\n  this is a defect of the program, not of the input`;
};

async function answer({ id, texts, since }: Settings & { readonly since: number }): Promise<void> {
  const isStale = (): boolean => latest !== id;
  const model = await openModel(jobOf({ supply: '1', ...texts }), files);
  const whole = withSupply(texts, model);
  const job = jobOf(whole);
  current = whole;
  const { inputs, points } = model;
  const [supply] = job.supplies as [number];
  const [mapping] = job.mappings as [(typeof job.mappings)[number]];
  const chip = job.chips;

  const nominal = await points.timing(inputs.memory.device.supply.nominal);
  const timing = await points.timing(supply);
  const point = points.hold(supply, mapping, chip);
  if (!('held' in point)) throw new InputError(...nothingKnown([point]));
  const { held } = point;
  const cells = await points.cells(point);
  tell({
    kind: 'view',
    id,
    view: {
      texts: whole,
      command: commandOf(whole),
      supply,
      range: rangeOf(model, chip),
      cells,
      latencies: latenciesOf(nominal, timing),
      clock: timing.clock,
      plan: planOf(inputs, point),
      use: held.use,
      berLimit: job.berLimit,
      bound: job.bound,
      bits: 8 * inputs.memory.stored.layout.imageBytes,
      remarks: [...model.remarks],
      took: performance.now() - since,
    },
  });

  // Images are shown in other workers, beside what follows here.
  classifier
    .classify(inputs, job, held.weights, isStale, ({ read, clean }) => {
      const took = performance.now() - since;
      const images = inputs.images.count;
      const row = read.images === images ? { row: rowOf(cells, read, clean, job.bound) } : {};
      tell({ kind: 'accuracy', id, accuracy: { read, clean, images, took, ...row } });
    })
    .catch((error) => tell({ kind: 'failed', id, message: inWords(error) }));
  const fields = fieldsOf(inputs, held.weights);
  tell({ kind: 'fields', id, fields }, [fields.clean.data.buffer, fields.read.data.buffer]);
  await turn();
  if (isStale()) return;
  tell({ kind: 'cells', id, cells: cellsOf(inputs, point) });

  const curve = curveOf(model, `${mapping} ${chip}`);
  const send = (): void =>
    tell({
      kind: 'curve',
      id,
      curve: [...curve.values()].filter((found) => found !== undefined).sort((a, b) => a.supply - b.supply),
    });
  send();
  let sent = curve.size;
  for (const at of curveSupplies(rangeOf(model, chip))) {
    if (curve.has(at)) continue;
    await turn();
    if (isStale()) return;
    curve.set(at, await curvePoint(inputs, points, { supply: at, mapping, chip }));
    if (curve.size - sent < CURVE_PORTION) continue;
    send();
    sent = curve.size;
  }
  if (curve.size > sent) send();
  for (const name of traceNames()) {
    await turn();
    if (isStale()) return;
    tell({ kind: 'dropped', name, file: await traceFile(name, whole) });
  }
}

const CURVE_PORTION = 4;

function curveOf({ curves }: OpenModel, key: string) {
  const known = curves.get(key) ?? new Map();
  curves.set(key, known);
  return known;
}

/** A share of the nominal supply at which bits begin to be wrong, for a device whose supply nobody chose yet. */
const FIRST_RATIO = 0.78;
const STEP = 0.005;

function withSupply(texts: SettingTexts, model: OpenModel): SettingTexts {
  if (texts['supply'] !== undefined) return texts;
  const { lowest, nominal } = rangeOf(model, jobOf({ supply: '1', ...texts }).chips);
  const first = Math.round((Math.max(lowest, nominal * FIRST_RATIO) - 1e-9) / STEP + 0.49) * STEP;
  return { ...texts, supply: String(Number(first.toFixed(3))) };
}

/** Lets messages that have come in have their turn. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
