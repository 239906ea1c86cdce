import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { isUnsigned, type WeightFormat } from '../snn/weight-format.ts';

/** What a format must hold of a tensor. */
export interface ElementRange {
  /** Of the finite elements. */
  readonly least: number;
  readonly greatest: number;
  /** The index of the first that is not finite, -1 where all are, and its value. */
  readonly strange: number;
  readonly strangeValue: number;
}

/** What a user may do instead. */
export interface FormatRemedies {
  readonly strange: string;
  readonly beyond: string;
}

/** All that keeps a tensor from being rounded to a format or scaled to its integers. */
export function formatObstacles(
  name: string,
  { least, greatest, strange, strangeValue }: ElementRange,
  format: WeightFormat,
  remedies: FormatRemedies,
): InputError[] {
  const called = `tensor ${quoted(name)}`;
  const magnitude = Math.max(0, -least, greatest);
  const found: InputError[] = [];
  if (strange >= 0)
    found.push(
      new InputError(`${called} has ${strangeValue} at index ${strange}, which ${format} is not made for`, {
        remedy: remedies.strange,
      }),
    );
  if (isUnsigned(format) && least < 0)
    found.push(
      new InputError(`${called} has negative elements (${least}), ${format} has no sign`, {
        remedy: `choose a format with a sign: --format ${name}=${format.slice(1)}`,
      }),
    );
  if (magnitude > LARGEST[format])
    found.push(
      new InputError(`${called} has a magnitude of ${magnitude}, beyond ${format} (${LARGEST[format]})`, {
        remedy: remedies.beyond,
      }),
    );
  return found;
}

/** The largest magnitude of a floating-point format; integers take any as their scale. */
const LARGEST: Readonly<Record<WeightFormat, number>> = {
  fp32: (2 - 2 ** -23) * 2 ** 127,
  fp16: 65_504,
  bf16: (2 - 2 ** -7) * 2 ** 127,
  int16: Number.MAX_VALUE,
  int8: Number.MAX_VALUE,
  int4: Number.MAX_VALUE,
  uint16: Number.MAX_VALUE,
  uint8: Number.MAX_VALUE,
  uint4: Number.MAX_VALUE,
};
