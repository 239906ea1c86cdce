import { InputError } from '../errors/input-error.ts';
import { UnitError } from '../units/expression.ts';
import type { Cycles } from '../units/flavours.ts';
import { type Units, withUnits } from '../units/quantity.ts';
import { type Organisation, subarraysPerBank } from './device.ts';
import { loadSubarrayScheme } from './load-subarray-scheme.ts';
import { type AtPlace, placeIn } from './model-places.ts';
import type { ModelSource } from './model-source.ts';
import type { ResolvedTiming } from './resolved-timing.ts';
import type { CommandName, ResolvedConstraint } from './standard.ts';
import type { SubarrayScheme } from './subarray-scheme.ts';

/**
 * A device's timing with a scheme of `hw-models/subarrays/` (salp-1, salp-2, masa). What the standard asks of a bank it
 * then asks of each subarray, except where a command acts on the whole bank (a per-bank refresh always does); the
 * scheme's own constraints come on top. Formulas speak of the standard's parameters in cycles, of `burst` (cycles of a
 * burst on the bus), and of the standard's own `readToPrecharge` and `writeToPrecharge`. Throws InputError for a
 * device with a single subarray a bank and for a formula that is not arithmetic.
 */
export async function withSubarrays(
  timing: ResolvedTiming,
  organisation: Organisation,
  scheme: string,
  models: ModelSource,
): Promise<ResolvedTiming> {
  const loaded = await loadSubarrayScheme(scheme, models);
  return withUnits((units) => dividedInSubarrays(timing, organisation, loaded, units));
}

function dividedInSubarrays(
  timing: ResolvedTiming,
  organisation: Organisation,
  { keys, formulaPlaces }: SubarrayScheme,
  units: Units,
): ResolvedTiming {
  const { name, open_subarrays, select, whole_bank, parameters, constraints } = keys;
  if (subarraysPerBank(organisation) < 2)
    throw new InputError(`${name} needs at least two subarrays a bank`, {
      ...placeIn(timing.places?.device, 'organisation'),
      remedy: 'declare rows_per_subarray in the device',
    });
  const scope: Record<string, Cycles> = {
    ...timing.parameters,
    burst: organisation.burstLength / organisation.dataRate,
    readToPrecharge: bankDistance(timing, 'RD', 'PRE'),
    writeToPrecharge: bankDistance(timing, 'WR', 'PRE'),
  };
  const evaluate = (formula: string, path: readonly string[]): Cycles =>
    evaluated(units, formula, scope, placeIn(formulaPlaces, ...path));
  for (const [parameter, formula] of Object.entries(parameters))
    scope[parameter] = evaluate(formula, ['parameters', parameter]);

  const wholeBank: ReadonlySet<CommandName> = new Set([...whole_bank, 'REFpb']);
  return {
    ...timing,
    commands: select ? [...timing.commands, 'SASEL'] : timing.commands,
    rules: select
      ? { ...timing.rules, commandCycles: { ...timing.rules.commandCycles, SASEL: 1 } }
      : timing.rules,
    parameters: {
      ...timing.parameters,
      ...Object.fromEntries(Object.keys(parameters).map((parameter) => [parameter, scope[parameter]!])),
    },
    constraints: [
      ...timing.constraints.flatMap((constraint) => perSubarray(constraint, wholeBank)),
      ...constraints.map(
        ({ latency, ...rest }, i): ResolvedConstraint => ({
          ...rest,
          level: 'subarray',
          window: 1,
          name: latency,
          latency: evaluate(latency, ['constraints', String(i), 'latency']),
        }),
      ),
    ],
    subarrays: { scheme: name, openSubarrays: open_subarrays, select },
  };
}

/** A constraint on a bank, split into what holds in a subarray and what holds in the whole bank. */
function perSubarray(
  constraint: ResolvedConstraint,
  wholeBank: ReadonlySet<CommandName>,
): ResolvedConstraint[] {
  const { level, sibling, preceding, following } = constraint;
  if (level !== 'bank' || sibling) return [constraint];
  const parts = (names: readonly CommandName[]): CommandName[][] => [
    names.filter((name) => wholeBank.has(name)),
    names.filter((name) => !wholeBank.has(name)),
  ];
  const [bankAfter, subarrayAfter] = parts(following);
  const [bankRefresh, others] = [
    preceding.filter((name) => name === 'REFpb'),
    preceding.filter((name) => name !== 'REFpb'),
  ];
  const split: ResolvedConstraint[] = [
    { ...constraint, following: bankAfter! },
    { ...constraint, preceding: bankRefresh, following: subarrayAfter! },
    { ...constraint, level: 'subarray', preceding: others, following: subarrayAfter! },
  ];
  return split.filter((part) => part.preceding.length > 0 && part.following.length > 0);
}

function bankDistance({ constraints }: ResolvedTiming, from: CommandName, to: CommandName): Cycles {
  const latencies = constraints
    .filter(
      ({ level, preceding, following }) =>
        level === 'bank' && preceding.includes(from) && following.includes(to),
    )
    .map(({ latency }) => latency);
  return Math.max(0, ...latencies);
}

function evaluated(
  units: Units,
  formula: string,
  scope: Readonly<Record<string, Cycles>>,
  at: AtPlace,
): Cycles {
  try {
    return Math.ceil(units.formula(formula, scope));
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new InputError(`latency ${error.message}`, {
      ...at,
      remedy: `known: ${Object.keys(scope).join(', ')}`,
    });
  }
}
