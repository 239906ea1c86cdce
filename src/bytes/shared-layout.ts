/**
 * Numbers that TypeScript and a WebAssembly module must agree on, as one table. TypeScript reads the table with the
 * functions below; scripts/assembly-layout.mjs writes the same numbers as AssemblyScript.
 */
export interface SharedLayout {
  /** Single numbers, by name. */
  readonly constants: Readonly<Record<string, SharedConstant>>;
  /** Names numbered from 0 in their order. */
  readonly codes: Readonly<Record<string, SharedCodes>>;
  /** What lies in memory field after field, by the name of its class in AssemblyScript. */
  readonly records: Readonly<Record<string, SharedRecord>>;
}

export interface SharedConstant {
  /** Its type in AssemblyScript. */
  readonly type: 'i32' | 'usize';
  readonly value: number;
  readonly note: string;
}

export interface SharedCodes {
  readonly note: string;
  /** Name of the constant that says how many there are. */
  readonly count: string;
  readonly names: readonly string[];
}

export interface SharedRecord {
  readonly note: string;
  /** The record whose end this one begins at. */
  readonly extends?: string;
  readonly fields: readonly SharedField[];
}

export interface SharedField {
  readonly name: string;
  readonly type: FieldType;
  readonly note?: string;
}

export type FieldType = 'i32' | 'usize' | 'f64';

/** Bytes of a field in WebAssembly with 32-bit addresses. */
const BYTES: Readonly<Record<FieldType, number>> = { i32: 4, usize: 4, f64: 8 };

/** The values of constants, by name. */
export function valuesOf<Name extends string>(
  constants: Readonly<Record<Name, SharedConstant>>,
): Readonly<Record<Name, number>> {
  const entries = Object.entries<SharedConstant>(constants).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** The number of each name, counted from 0. */
export function numbered<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as Record<Name, number>;
}

/**
 * Byte offset of each field from the start of its record; the first lies at `from` (the size of the record that this one
 * extends). A field begins at the next multiple of its own size, as in AssemblyScript.
 */
export function offsetsOf<Name extends string>(
  fields: readonly (SharedField & { readonly name: Name })[],
  from = 0,
): Readonly<Record<Name, number>> {
  let end = from;
  const entries = fields.map(({ name, type }) => {
    const offset = Math.ceil(end / BYTES[type]) * BYTES[type];
    end = offset + BYTES[type];
    return [name, offset];
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** Bytes from the start of a record to the end of its last field; 0 for a record without fields. */
export function sizeOf(fields: readonly SharedField[]): number {
  const last = fields.at(-1);
  return last === undefined ? 0 : offsetsOf(fields)[last.name]! + BYTES[last.type];
}
