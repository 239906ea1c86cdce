import { z } from 'zod';
import { expectation } from '../errors/expectation.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';

/**
 * What a recorded trace knows of the data that it reads: which tensors lie at which addresses, in which format, where they
 * come from, and which inferences read them (docs/trace-format.md, "Memory map"). With it a replay can tell what the reads
 * gave back, and what the network made of them.
 */
const text = z.string().min(1);
const hash = z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected a SHA-256 in 64 hexadecimal digits' });
const count = z.int().positive();
const natural = z.int().nonnegative();
const share = z.number().min(0).max(1);

const tensorSchema = z.strictObject({
  name: text,
  /** Rows x columns; a row is what one input spike fetches. */
  shape: z.tuple([count, count]),
  format: text,
  /** No weight is above it: the scale of an integer format. Maps of version 0.2 and before lack it. */
  ceiling: z.number().positive().exactOptional(),
  ecc: text,
  /** With `parity`: top bits of a weight that its parity bit covers. Maps of version 0.2 and before lack it: 2. */
  parity_bits: count.exactOptional(),
  /** Bytes of a row with its check bits, and with the padding to whole bursts of `burst_bytes`. */
  row_bytes: count,
  row_stride: count,
  burst_bytes: count,
  /** How the bits of a row lie in its bytes: weight by weight, or sorted into planes. */
  bit_layout: z.enum(['rows', 'planes']),
  /** The rows that are stored, as stretches [first, number of rows], ascending. */
  rows: z.array(z.tuple([natural, count])).min(1),
  /** Where the rows lie, one after the other, as runs [address, bytes]. */
  runs: z.array(z.tuple([natural, count])).min(1),
});

/** What is read in an inference, of any network. */
const inferences = {
  dataset: text,
  /** Of the pixels and labels of the split's images, or of its events and labels. */
  sha256: hash,
  split: z.literal('test'),
  first_image: z.literal(0),
  images: count,
  /** Of the input spikes. */
  seed: natural,
  workload: text,
  accelerator: text,
};

const matrixSchema = z.strictObject({
  version: z.literal(1),
  weights: z.strictObject({ file: text, sha256: hash }),
  tensors: z.tuple([tensorSchema], { error: 'expected one tensor' }),
  inference: z.strictObject({
    ...inferences,
    vote: text,
    /** Weight rows that its buffer holds. */
    buffer_rows: natural,
  }),
  placement: z.strictObject({
    policy: text,
    device: text,
    profile: text,
    supply_V: z.number().positive(),
    timing: text,
    ber_limit: share,
    occupied: share,
    /** The chip whose error rates the policy looked at; null where it looks at none. */
    chip: z.union([natural, z.literal('measured'), z.null()]),
    chip_seed: natural,
    error_model: natural,
  }),
  /** What was done to the weights on load, and how weak cells flip, where the recording simulated both. */
  reading: z
    .strictObject({ repair: text, flip_probability: share, chip: z.union([natural, z.literal('measured')]) })
    .optional(),
});

/** The same of a layered network: any number of tensors, and how the network steps and is driven. */
const layeredSchema = matrixSchema.extend({
  version: z.literal(2),
  tensors: z
    .array(
      tensorSchema.extend({
        /** Bytes that a row takes in the weight buffer. */
        buffered_bytes: count,
        /** The bit error rate that it tolerates, where that is its own. */
        ber_limit: share.exactOptional(),
      }),
    )
    .min(1),
  network: z.strictObject({
    dynamics: z.strictObject({
      time_step_s: z.number().positive(),
      integration: text,
      reset: text,
      reset_time: text,
      threshold: text,
    }),
    presentation: z.strictObject({
      steps: count,
      input: text,
      /** Of the inputs `current` and `bernoulli`. */
      gain: z.number().positive().exactOptional(),
      /** Of the input `poisson`. */
      maximum_rate_Hz: z.number().positive().exactOptional(),
      spikes_per_image: z.number().positive().exactOptional(),
      readout: text,
    }),
  }),
  inference: z.strictObject({ ...inferences, samples: text, buffer_bytes: natural }),
});

const mapSchema = z.discriminatedUnion('version', [matrixSchema, layeredSchema]);

export type MemoryMap = Readonly<z.infer<typeof mapSchema>>;
/** Of a Diehl & Cook network. */
export type MatrixMap = Readonly<z.infer<typeof matrixSchema>>;
export type LayeredMap = Readonly<z.infer<typeof layeredSchema>>;
export type TensorPlace = MatrixMap['tensors'][0];

/** A run of bytes of memory: [address, bytes]. */
export type AddressRange = readonly [address: number, bytes: number];

/** Throws InputError for a value that is no memory map of a version that this program knows. */
export function parseMemoryMap(value: unknown, file: string): MemoryMap {
  const result = mapSchema.safeParse(value, { error: expectation });
  const fail = (what: string): never => {
    throw new InputError(`its memory map is not sound: ${what}`, {
      place: { file },
      remedy: 'record the trace again; --no-accuracy replays it without its memory map',
    });
  };
  if (!result.success) {
    const issue = result.error.issues[0]!;
    if (issue.path.join() === 'version') return fail('version: this program knows versions 1 and 2');
    const place = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys')
      return fail(`unknown key ${quoted(issue.keys[0]!)}${place === '' ? '' : ` in ${place}`}`);
    return fail(place === '' ? issue.message : `${place}: ${issue.message}`);
  }
  const { tensors } = result.data;
  for (const tensor of tensors) requireSound(tensor, fail);
  requireApart(tensors, fail);
  return result.data;
}

/** No address holds two tensors. */
function requireApart(tensors: readonly TensorPlace[], fail: (what: string) => never): void {
  const runs = tensors.flatMap(({ name, runs: own }) =>
    own.map(([address, bytes]) => ({ name, address, bytes })),
  );
  runs.sort((a, b) => a.address - b.address);
  for (const [i, { name, address }] of runs.entries()) {
    const before = runs[i - 1];
    if (before && before.address + before.bytes > address)
      fail(`address ${address} holds parts of ${before.name} and ${name}`);
  }
}

function requireSound(tensor: TensorPlace, fail: (what: string) => never): void {
  const { name, shape, rows, runs, row_bytes, row_stride, burst_bytes } = tensor;
  let after = 0;
  for (const [first, stored] of rows) {
    if (first < after || first + stored > shape[0])
      fail(`rows ${first} to ${first + stored - 1} of ${name} are out of order or not among its ${shape[0]}`);
    after = first + stored;
  }
  if (row_stride < row_bytes || row_stride % burst_bytes !== 0)
    fail(`rows of ${row_bytes} bytes do not take ${row_stride} bytes in bursts of ${burst_bytes}`);
  const ascending = runs.toSorted(([a], [b]) => a - b);
  let end = 0;
  for (const [address, bytes] of ascending) {
    if (address % burst_bytes !== 0 || bytes % burst_bytes !== 0)
      fail(`${bytes} bytes at address ${address} are not whole bursts of ${burst_bytes}`);
    if (address < end) fail(`address ${address} holds two parts of ${name}`);
    end = address + bytes;
  }
  const placed = runs.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (placed !== storedRows(tensor) * row_stride)
    fail(`the addresses of ${name} hold ${placed} bytes, its rows take ${storedRows(tensor) * row_stride}`);
}

/** How many rows of a tensor are stored. */
export const storedRows = ({ rows }: TensorPlace): number =>
  rows.reduce((sum, [, stored]) => sum + stored, 0);

/** Ascending numbers as stretches [first, how many]. */
export function stretchesOf(numbers: ArrayLike<number>): [number, number][] {
  const stretches: [number, number][] = [];
  for (let i = 0; i < numbers.length; i++) {
    const last = stretches.at(-1);
    if (last && numbers[i] === last[0] + last[1]) last[1]++;
    else stretches.push([numbers[i]!, 1]);
  }
  return stretches;
}

/** The inverse of `stretchesOf`. */
export const numbersOf = (stretches: readonly (readonly [number, number])[]): Uint32Array =>
  Uint32Array.from(
    stretches.flatMap(([first, stored]) => Array.from({ length: stored }, (_, i) => first + i)),
  );
