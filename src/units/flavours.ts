/**
 * Numbers that say their unit. A flavour takes any plain number but not another unit's number, so that a
 * nanosecond is not added to a cycle by accident, and arithmetic stays arithmetic.
 */
export type Flavour<Unit extends string> = number & { readonly __unit?: Unit };

export type Cycles = Flavour<'command-clock cycle'>;
export type Nanoseconds = Flavour<'ns'>;
export type Picoseconds = Flavour<'ps'>;
export type Megahertz = Flavour<'MHz'>;
export type Volts = Flavour<'V'>;
export type Milliwatts = Flavour<'mW'>;
export type Milliamperes = Flavour<'mA'>;
export type Picojoules = Flavour<'pJ'>;
export type Bytes = Flavour<'B'>;
export type Bits = Flavour<'bit'>;
