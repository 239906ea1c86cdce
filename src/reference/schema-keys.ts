import { z } from 'zod';
import { BOUNDS } from '../hardware/bounds.ts';
import {
  type Bounds,
  modelName,
  sourcedCapacitance,
  sourcedClock,
  sourcedCount,
  sourcedCurrent,
  sourcedData,
  sourcedEnergy,
  sourcedNumber,
  sourcedParameter,
  sourcedPower,
  sourcedTime,
  sourcedVoltage,
} from '../hardware/sourced-values.ts';

/** A key of a file as its reference page shows it. */
export interface FileKey {
  /** "organisation.rows", "rails.NAME.currents.IDD0", "constraints[].latency". */
  readonly path: string;
  /** What its value is, in words, with unit and bounds. */
  readonly type: string;
  readonly required: boolean;
  /** The value of a file that leaves it out, where there is one. */
  readonly default?: string;
}

const range = ({ least, above = false, most }: Bounds, unit: string): string =>
  `${above ? 'more than ' : ''}${least} to ${most} ${unit}`.trim();

/** Quantities, which may carry a source and a note of their own. */
const QUANTITIES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [modelName, 'name: at most 100 printable characters, the first a letter or digit'],
  [sourcedTime, `time such as \`13.75 ns\`, ${range(BOUNDS.time, 'ns')}`],
  [sourcedParameter, `time such as \`13.75 ns\`, \`17 tCK\` or \`tRAS + tRP\`, ${range(BOUNDS.time, 'ns')}`],
  [sourcedClock, `frequency such as \`800 MHz\`, ${range(BOUNDS.clock, 'MHz')}`],
  [sourcedVoltage, `voltage such as \`1.35 V\`, ${range(BOUNDS.voltage, 'V')}`],
  [sourcedCurrent, `current such as \`48 mA\`, ${range(BOUNDS.current, 'mA')}`],
  [sourcedEnergy, `energy such as \`0.9 pJ\`, ${range(BOUNDS.energy, 'pJ')}`],
  [sourcedCapacitance, `capacitance such as \`1.8 pF\`, ${range(BOUNDS.capacitance, 'pF')}`],
  [sourcedPower, `power such as \`2 mW\`, ${range(BOUNDS.power, 'mW')}`],
  [sourcedData, 'amount of data such as `8 bit`'],
  [sourcedNumber, 'plain number'],
  [sourcedCount, 'whole number from 1 on'],
]);

/** Every key of the files that a schema takes, sections before what they hold. */
export function keysOfSchema(schema: z.ZodType): FileKey[] {
  const keys: FileKey[] = [];
  enter(schema, '', keys);
  return keys;
}

/** Adds the keys below a value of the schema, which stands at the path. */
function enter(schema: z.ZodType, path: string, keys: FileKey[]): void {
  const { inner } = opened(schema);
  if (QUANTITIES.has(inner)) return;
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (inner instanceof z.ZodObject) {
    for (const [name, value] of Object.entries(inner.shape)) add(value as z.ZodType, below(name), keys);
    const { catchall } = inner.def;
    if (catchall !== undefined && !(catchall instanceof z.ZodNever))
      add(catchall as z.ZodType, below('NAME'), keys, false);
  } else if (inner instanceof z.ZodRecord) {
    const names = inner.keyType instanceof z.ZodEnum ? inner.keyType.options.map(String) : ['NAME'];
    for (const name of names) add(inner.valueType as z.ZodType, below(name), keys, false);
  } else if (inner instanceof z.ZodArray) enter(inner.element as z.ZodType, `${path}[]`, keys);
}

function add(schema: z.ZodType, path: string, keys: FileKey[], required?: boolean): void {
  const { optional, standard } = opened(schema);
  keys.push({
    path,
    type: typeInWords(schema),
    required: required ?? !optional,
    ...(standard === undefined ? {} : { default: String(standard) }),
  });
  enter(schema, path, keys);
}

interface Opened {
  readonly inner: z.ZodType;
  readonly optional: boolean;
  readonly standard: unknown;
}

/** What is inside a schema's leave to be absent, its default and its transformation. */
function opened(schema: z.ZodType): Opened {
  let inner = schema;
  let optional = false;
  let standard: unknown;
  for (;;) {
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodExactOptional) {
      optional = true;
      inner = inner.unwrap() as z.ZodType;
    } else if (inner instanceof z.ZodDefault) {
      optional = true;
      standard = inner.def.defaultValue;
      inner = inner.unwrap() as z.ZodType;
    } else if (inner instanceof z.ZodReadonly) inner = inner.unwrap() as z.ZodType;
    else if (inner instanceof z.ZodPipe) inner = inner.in as z.ZodType;
    else return { inner, optional, standard };
  }
}

/** What a value of the schema is, in words. */
export function typeInWords(schema: z.ZodType): string {
  const { inner } = opened(schema);
  const quantity = QUANTITIES.get(inner);
  if (quantity !== undefined) return quantity;
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return 'keys';
  if (inner instanceof z.ZodArray) return `list of: ${typeInWords(inner.element as z.ZodType)}`;
  if (inner instanceof z.ZodTuple)
    return `[${inner.def.items.map((item) => typeInWords(item as z.ZodType)).join(', ')}]`;
  if (inner instanceof z.ZodEnum) return inner.options.map((word) => `\`${word}\``).join(', ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].map((word) => `\`${word}\``).join(', ');
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.map((option) => typeInWords(option as z.ZodType)))].join(' or ');
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodNumber) return numberInWords(inner);
  if (inner instanceof z.ZodString) return 'text';
  return 'value';
}

function numberInWords({ minValue, maxValue, isInt }: z.ZodNumber): string {
  const kind = isInt ? 'whole number' : 'number';
  const least = minValue !== null && minValue > -Number.MAX_SAFE_INTEGER ? minValue : undefined;
  const most = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? maxValue : undefined;
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
  if (least !== undefined) return `${kind} from ${least} on`;
  return most === undefined ? kind : `${kind} up to ${most}`;
}
