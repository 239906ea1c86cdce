import { type Column, label, number, quantity } from './table.ts';

/**
 * The columns of every table that the program prints: each heading once in its table, in the field's terms, each
 * quantity with its unit.
 */

export const DEVICES: readonly Column[] = [
  label('device'),
  label('standard'),
  quantity('clock', 'MHz'),
  number('banks'),
  quantity('nominal supply', 'V'),
  quantity('supply range', 'V'),
  label('rails'),
  label('current sets'),
];

/** Every number of a hardware model: its value has the unit that the file gives. */
export const MODEL_NUMBERS: readonly Column[] = [
  label('parameter'),
  label('value'),
  label('source'),
  label('caveat'),
];

export const MODEL_FACTS: readonly Column[] = [label('property'), label('value'), label('unit')];

export const STANDARD_COMMANDS: readonly Column[] = [
  label('command'),
  quantity('command bus', 'cycles'),
  label('closed banks needed'),
];

export const STANDARD_PARAMETERS: readonly Column[] = [
  label('timing parameter'),
  label('rounding to cycles'),
  label('stretched like circuit delays'),
];

export const STANDARD_CONSTRAINTS: readonly Column[] = [
  label('scope'),
  label('earlier command'),
  label('later command'),
  { heading: 'least distance', unit: 'cycles', kind: 'label' },
  quantity('window', 'commands'),
];

/** Delays of a circuit curve, over those at its reference supply. */
export const circuitCurve = (reference: number): Column[] => [
  quantity('supply', 'V'),
  quantity('relative supply', 'ratio'),
  ...['tRCD', 'tRAS', 'tRP'].map((delay) => quantity(delay, `x that at ${reference} V`)),
];

/** What a supply does to a device; `errors` says whether bit error rates of one module, or of several, are known. */
export const supplyEffects = (energy: boolean, errors: 'none' | 'one' | 'modules'): Column[] => [
  quantity('supply', 'V'),
  quantity('relative supply', '% of nominal'),
  ...['tRCD', 'tRAS', 'tRP', 'tRC'].flatMap((time) => [
    quantity(time, 'ns'),
    quantity(`${time} rounded up`, 'cycles'),
  ]),
  ...(energy ? ['ACT', 'PRE', 'RD', 'WR', 'REF'].map((command) => quantity(`${command} energy`, 'pJ')) : []),
  ...(errors === 'none' ? [] : [quantity(errors === 'one' ? 'BER' : 'least BER', 'fraction')]),
  ...(errors === 'modules' ? [quantity('greatest BER', 'fraction'), number('known modules')] : []),
];

/** Organisations by the names that another simulator's configurations use. */
export const ORGANISATION_PRESETS: readonly Column[] = [
  label('organisation'),
  quantity('density', 'Mbit'),
  number('data pins'),
  number('bank groups'),
  number('banks per group'),
  number('rows'),
  number('columns'),
];

/** Speeds by the names that another simulator's configurations use; the first number is the rate. */
export const speedPresets = (times: readonly string[]): Column[] => [
  label('speed'),
  ...times.map((time) => quantity(time, time === 'rate' ? 'MT/s' : 'cycles')),
];

export const PROFILE_MEMBERS: readonly Column[] = [
  label('member'),
  quantity('lowest supply', 'V'),
  quantity('lowest error-free supply', 'V'),
  quantity('BER at lowest supply', 'fraction'),
];

export const VIOLATIONS: readonly Column[] = [
  number('channel'),
  number('line'),
  number('cycle'),
  label('command'),
  number('rank'),
  number('bank'),
  label('broken rule'),
  label('scope'),
  label('earlier command'),
  quantity('violated by', 'cycles'),
];

export const DIFFERENCES: readonly Column[] = [
  label('location'),
  label('quantity'),
  label('stated value'),
  label('derived value'),
];

export const SWEEP_POINTS: readonly Column[] = [number('point'), label('hash'), label('settings')];

/** One line a trial of `tolerance`; `swept` is what differs between them. */
const toleranceTrials = (...swept: readonly Column[]): Column[] => [
  ...swept,
  quantity('observed BER', 'fraction'),
  quantity('accuracy', '%'),
  quantity('accuracy, 95 % interval', '%'),
  quantity('accuracy loss', 'points'),
  quantity('loss, 95 % interval', 'points'),
  number('error masks'),
];
export const TOLERANCE_BY_RATE = toleranceTrials(
  quantity('injected BER', 'fraction'),
  quantity('chip BER', 'fraction'),
);
export const TOLERANCE_BY_BIT = toleranceTrials(number('weight bit'));
export const TOLERANCE_BY_LAYER: readonly Column[] = [
  label('tensor'),
  quantity('tolerable BER', 'fraction'),
  quantity('test accuracy loss', 'points'),
  quantity('loss, 95 % interval', 'points'),
  label('within bound'),
  quantity('BER with all damaged', 'fraction'),
];
export const TOLERANCE_BY_INPUTS = toleranceTrials(number('input group'));

export const WEAK_CELLS: readonly Column[] = [
  quantity('supply', 'V'),
  number('weak cells'),
  quantity('weak share', 'fraction'),
  quantity('weak share, 95 % interval', 'fraction'),
  quantity('bit error rate', 'fraction'),
  label('weak subarrays'),
  quantity('row dispersion', 'variance/mean'),
  quantity('bitline dispersion', 'variance/mean'),
];

export const WEAK_BANKS: readonly Column[] = [
  number('bank'),
  number('weak cells'),
  quantity('weak share', 'fraction'),
  quantity('weak share, 95 % interval', 'fraction'),
  number('best subarray'),
  quantity('best weak share', 'fraction'),
  number('worst subarray'),
  quantity('worst weak share', 'fraction'),
];

export const WEAK_LINES: readonly Column[] = [
  label('line'),
  number('index'),
  number('bank'),
  number('subarray'),
  number('weak cells'),
  number('cells'),
  quantity('weak share, 95 % interval', 'fraction'),
];

export const ERROR_MODELS: readonly Column[] = [
  label('error model'),
  quantity('log-likelihood ratio to model 0', 'nats'),
  quantity('penalised log-likelihood ratio', 'nats'),
  label('parameters (95 % intervals)'),
];

const FLIPPED_BIT: readonly Column[] = [
  number('weight bit'),
  label('weight field'),
  number('stored weight'),
  number('read weight'),
  number('bank'),
  number('subarray'),
  number('row'),
  number('row bit'),
];
export const FLIPPED_BITS: readonly Column[] = [number('input'), number('neuron'), ...FLIPPED_BIT];
export const FLIPPED_LAYER_BITS: readonly Column[] = [
  label('tensor'),
  number('tensor row'),
  number('weight number'),
  ...FLIPPED_BIT,
];

export const DAMAGED_TENSORS: readonly Column[] = [
  label('tensor'),
  label('shape'),
  label('type'),
  label('format in memory'),
  quantity('stored', 'bytes'),
  number('weak cells'),
  number('flipped bits'),
  quantity('bit error rate', 'fraction'),
  number('changed weights'),
  number('corrected words'),
  number('repaired weights'),
  quantity('load energy', 'nJ'),
];

export const TENSORS: readonly Column[] = [
  label('tensor'),
  label('shape'),
  label('type'),
  quantity('size', 'bytes'),
  number('least'),
  number('greatest'),
  quantity('zeros', '%'),
  number('not finite'),
];

export const LAYERS: readonly Column[] = [
  label('layer'),
  label('kind'),
  label('shape'),
  label('reads'),
  number('weights'),
  label('parameters'),
];

export const DATASET_PARTS: readonly Column[] = [
  label('part'),
  number('samples'),
  number('classes'),
  number('samples per class'),
  label('input'),
  number('events'),
  number('events per sample'),
  quantity('first event', 'ms'),
  quantity('last event', 'ms'),
];

export const GRAPH_NODES: readonly Column[] = [label('node'), label('kind')];

export const INFERENCE_ENERGY: readonly Column[] = [
  label('inference part'),
  quantity('energy', 'nJ'),
  quantity('share', '%'),
];

export const SOURCES: readonly Column[] = [
  label('source'),
  number('requests'),
  quantity('bandwidth', 'GB/s'),
  quantity('bus share', '%'),
  quantity('row hits', '%'),
  quantity('mean latency', 'ns'),
  quantity('99 % latency', 'ns'),
  quantity('busy', '%'),
  quantity('waits for DRAM', '%'),
  quantity('DRAM energy', 'nJ'),
];

export const RUN: readonly Column[] = [
  quantity('supply', 'V'),
  label('mapping'),
  quantity('observed BER', 'fraction'),
  quantity('chip BER', 'fraction'),
  quantity('flipped bits', 'bits/chip'),
  quantity('mean accuracy', '%'),
  quantity('worst chip', '%'),
  quantity('best chip', '%'),
  label('passing chips'),
  quantity('row hits', '%'),
  quantity('energy per access', 'pJ'),
  quantity('energy per inference', 'uJ'),
  quantity('saving per access', '%'),
  quantity('saving per inference', '%'),
  quantity('bandwidth', 'GB/s'),
];

export const OPERATING_POINTS: readonly Column[] = [
  label('network'),
  label('weight format'),
  label('repair'),
  label('mapping'),
  label('timing'),
  quantity('supply', 'V'),
  quantity('DRAM energy', 'uJ/inference'),
  quantity('DRAM energy saving', '%'),
  quantity('DRAM latency', 'us/inference'),
  quantity('observed BER', 'fraction'),
  quantity('chip BER', 'fraction'),
  quantity('worst-chip validation accuracy', '%'),
  label('note'),
];

export const REPLAYS: readonly Column[] = [
  quantity('supply', 'V'),
  quantity('time', 'cycles'),
  number('accesses'),
  quantity('row hits', '%'),
  quantity('row misses', '%'),
  quantity('row conflicts', '%'),
  quantity('bandwidth', 'GB/s'),
  quantity('total energy', 'uJ'),
  quantity('energy per access', 'pJ'),
  quantity('energy saving', '%'),
  quantity('saving by voltage', '%'),
  quantity('saving by timing', '%'),
];

/** The saving of each way to price it, laws side by side. */
export const savingCases = (laws: readonly string[]): Column[] => [
  quantity('supply', 'V'),
  label('rails'),
  label('currents'),
  label('data pins'),
  ...laws.map((law) => quantity(`saving, law ${law}`, '%')),
];

/** What the reads of a replay gave back: of any trace, and behind it of a recording. */
export const TRACE_READS: readonly Column[] = [
  quantity('supply', 'V'),
  label('chip'),
  quantity('chip BER', 'fraction'),
  number('wrong reads'),
  quantity('wrong share', '% of reads'),
  number('wrong bits'),
];
export const RECORDED_READS: readonly Column[] = [
  ...TRACE_READS,
  number('flipped weight bits'),
  quantity('observed BER', 'fraction'),
  quantity('accuracy', '%'),
  quantity('interval low', '%'),
  quantity('interval high', '%'),
  quantity('error-free accuracy', '%'),
  label('accuracy bound'),
];

export const OVER_TIME: readonly Column[] = [
  quantity('supply', 'V'),
  label('chip'),
  label('inferences since write'),
  number('images'),
  quantity('accuracy', '%'),
  quantity('interval low', '%'),
  quantity('interval high', '%'),
  quantity('wrong bits read', 'bits/inference'),
];

/** A rail of a device, with its voltage where it is known. */
interface Rail {
  readonly name: string;
  readonly volts: number | undefined;
}

export const energyTerms = (rails: readonly Rail[]): Column[] => [
  label('energy term'),
  ...rails.map(({ name, volts }) => quantity(volts ? `${name} at ${volts.toFixed(3)} V` : name, 'pJ')),
  quantity('all rails', 'pJ'),
  quantity('total share', '%'),
];

export const BANK_ENERGY: readonly Column[] = [
  number('channel'),
  number('rank'),
  number('bank'),
  quantity('energy', 'pJ'),
  quantity('total share', '%'),
];

export const COMMAND_ENERGY: readonly Column[] = [label('event'), quantity('energy', 'pJ')];

/** Energies of a command trace by supply; `sets` are the device's other sets of currents. */
export const energyBySupply = (published: boolean, sets: readonly string[]): Column[] => [
  quantity('supply', 'V'),
  quantity('total energy', 'pJ'),
  quantity('energy per access', 'pJ'),
  quantity('row hit energy', 'pJ'),
  quantity('row miss energy', 'pJ'),
  quantity('row conflict energy', 'pJ'),
  quantity('total saving', '%'),
  quantity('row hit saving', '%'),
  quantity('row miss saving', '%'),
  quantity('row conflict saving', '%'),
  ...(published ? [quantity("SparkXD's access saving †", '%')] : []),
  ...sets.map((name) => quantity(`${name} total energy`, 'pJ')),
];

/** Energies term by term in two runs, for each of what `basis` names ("access"). */
export const waterfallTerms = (basis: string): Column[] => [
  label('energy term'),
  quantity('first run', `pJ/${basis}`),
  quantity('second run', `pJ/${basis}`),
  quantity('change', `pJ/${basis}`),
  quantity('relative change', '%'),
];

/** Read energy of weights in several codings, on the device and by each vendor's measured currents. */
export const dataEnergies = (vendors: readonly string[]): Column[] => [
  label('weight format'),
  label('encoding'),
  number('bursts'),
  quantity('ones', '%'),
  quantity('toggles', '%'),
  quantity('read energy', 'uJ'),
  ...vendors.map((vendor) => quantity(`read energy, vendor ${vendor}`, 'uJ')),
  ...vendors.map((vendor) => quantity(`data factor, vendor ${vendor}`, 'ratio')),
];

/** Where the tensors of a layered network lie. */
export const PLACED_TENSORS: readonly Column[] = [
  label('tensor'),
  label('rows x weights'),
  label('format'),
  quantity('padded size', 'bytes'),
  number('DRAM rows'),
  number('subarrays'),
  label('BER limit'),
  label('expected BER'),
  label('worst-subarray BER'),
];
