import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { FUNCTIONS, UnitError } from '../units/expression.ts';
import { type Units, withUnits } from '../units/quantity.ts';
import { CURRENTS } from './currents.ts';
import type { ModelSource } from './model-source.ts';
import { readRefreshConditions } from './read-refresh-conditions.ts';
import { modelName, sourcesSchema } from './sourced-values.ts';
import {
  CIRCUIT_DELAYS,
  CLOSED_BANKS,
  CLOSING_COMMANDS,
  COMMANDS,
  type CommandName,
  LASTING_TIMES,
  LEVELS,
  type Standard,
} from './standard.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/** Parameters that the simulator itself speaks of, beside tRFCpb; a standard names all others as it likes. */
const ALWAYS = [...LASTING_TIMES].filter((name) => name !== 'tRFCpb');

const one = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
const command = z.enum(COMMANDS, { error: `expected a command: ${COMMANDS.join(', ')}` });
const formula = z.union([z.string(), z.number()], {
  error: 'expected a formula over the parameters, such as "WL + BL/2 + tWR"',
});
const latency = formula.transform(String);
const count = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
/** Most cycles that a command may hold the command bus, commands that a constraint counts back, and banks that a REFpb refreshes. */
const MOST = { commandCycles: 64, window: 64, refreshes: 65_536, refreshedBanks: 64 } as const;
/** Names that formulas already give a meaning, or that a device's timing uses. */
const TAKEN: ReadonlySet<string> = new Set(['BL', 'banks', 'tCK', 'source', ...FUNCTIONS]);
const parameterName = z
  .string({ error: 'expected the name of a parameter' })
  .regex(/^[A-Za-z]\w{0,31}$/, {
    error: 'expected the name of a parameter: a letter, then at most 31 letters, digits and _',
  })
  .refine((name) => !TAKEN.has(name), { error: `expected a name other than ${[...TAKEN].join(', ')}` });
const oneOf = <const T extends readonly string[]>(words: T, meaning: string) =>
  z.enum(words, { error: `expected ${one(words)}: ${meaning}` });
const ofRank = oneOf(['all', 'none'], 'the banks of the rank that must be closed').optional();
const ofBank = oneOf(CLOSED_BANKS, 'the banks of the rank that must be closed').optional();

const REFRESH_SHARE = 'expected the share of tREFI that is left there, above 0 and at most 1, such as 0.5';

export const standardSchema = z.strictObject({
  name: modelName,
  title: z.string(),
  sources: sourcesSchema,
  commands: z.array(command).min(1),
  command_cycles: z.strictObject(
    Object.fromEntries(COMMANDS.map((name) => [name, count(1, MOST.commandCycles).optional()])) as Record<
      CommandName,
      z.ZodOptional<z.ZodInt>
    >,
    { error: 'expected the cycles of the command bus that each command takes, such as { ACT: 1, ... }' },
  ),
  parameters: z.array(parameterName, { error: 'expected the timing parameters that a device gives' }).min(1),
  rounded_down: z.array(z.string(), {
    error: 'expected the parameters that are longest times, such as [tREFI]',
  }),
  circuit_delays: z.record(
    z.string(),
    z.array(oneOf(CIRCUIT_DELAYS, 'the delays of a circuit curve')).min(1),
    {
      error:
        'expected the circuit delays that parameters are or contain, such as { tRP: [tRP], tRC: [tRAS, tRP] }',
    },
  ),
  first_data: z.strictObject(
    { read: latency, write: latency },
    { error: 'expected { read: FORMULA, write: FORMULA }, from a column command to its first data' },
  ),
  auto_precharge: z
    .strictObject(
      {
        RDA: latency,
        WRA: latency,
        waits_for_tRAS: z.boolean({
          error: 'expected true or false: whether the precharge that RDA and WRA hold waits for tRAS',
        }),
      },
      { error: 'expected { RDA: FORMULA, WRA: FORMULA, waits_for_tRAS: true or false }' },
    )
    .optional(),
  closed_banks: z.strictObject(
    {
      REFab: ofRank,
      REFpb: ofBank,
      SRE: ofRank,
      PDE: ofRank,
    },
    {
      error:
        'expected the banks that must be closed, such as { REFab: all, REFpb: own, SRE: all, PDE: none }',
    },
  ),
  refresh: z.strictObject(
    {
      postponed: count(0, MOST.refreshes),
      per_bank_interval: latency.optional(),
      banks_per_REFpb: count(1, MOST.refreshedBanks).optional(),
      window: z.string({ error: 'expected a time such as "64 ms"' }).optional(),
      temperature: z
        .array(
          z.strictObject(
            {
              up_to: z.string({ error: 'expected a temperature such as "85 degC"' }),
              tREFI: z
                .number({ error: REFRESH_SHARE })
                .positive({ error: REFRESH_SHARE })
                .max(1, { error: REFRESH_SHARE }),
            },
            { error: 'expected { up_to: TEMPERATURE, tREFI: SHARE }' },
          ),
          { error: 'expected steps such as [{ up_to: 85 degC, tREFI: 1 }, { up_to: 95 degC, tREFI: 0.5 }]' },
        )
        .min(1, { error: 'expected at least one step' })
        .optional(),
    },
    {
      error:
        'expected { postponed: NUMBER }, perhaps window: TIME and temperature: STEPS and, with REFpb, per_bank_interval: FORMULA and perhaps banks_per_REFpb: NUMBER',
    },
  ),
  currents: z
    .array(z.enum(CURRENTS, { error: `expected a current: ${CURRENTS.join(', ')}` }), {
      error: `expected the currents that a device can give, of ${CURRENTS.join(', ')}`,
    })
    .min(1),
  IDD3N_banks: oneOf(['one', 'all'], 'the banks that are open while IDD3N is measured'),
  per_bank_refresh_energy: z
    .strictObject(
      {
        rails: oneOf(['first', 'all'], "the rails that DRAMPower 4.1's model charges a per-bank refresh to"),
        without_IDD5PB: oneOf(
          ['activation', 'refused'],
          'what a per-bank refresh is taken for on a rail without IDD5PB',
        ),
      },
      { error: 'expected { rails: ..., without_IDD5PB: ... }' },
    )
    .optional(),
  constraints: z
    .array(
      z.strictObject({
        level: oneOf(LEVELS, 'what the constraint speaks of'),
        preceding: z.array(command).min(1),
        following: z.array(command).min(1),
        latency,
        window: count(1, MOST.window).default(1),
        sibling: z.boolean().default(false),
      }),
    )
    .min(1),
});
type StandardDocument = YamlDocument<z.infer<typeof standardSchema>>;

/** Reads a standard from its YAML; see load-standard.ts. */
export async function standardFromYaml(name: string, source: ModelSource): Promise<Standard> {
  const document = readYaml(await source.read('standards', name), standardSchema, 'a DRAM standard');
  requireNoTwins(document);
  requireCommands(document);
  requireParameters(document);
  return withUnits((units) => readStandard(document, units));
}

function readStandard(document: StandardDocument, units: Units): Standard {
  requireFormulas(document, units);
  const { data } = document;
  const { auto_precharge: auto, per_bank_refresh_energy: energy } = data;
  return {
    name: data.name,
    title: data.title.trim(),
    sources: data.sources,
    commands: data.commands,
    commandCycles: data.command_cycles,
    parameters: data.parameters,
    roundedDown: data.rounded_down,
    circuitDelays: data.circuit_delays,
    constraints: data.constraints,
    firstData: data.first_data,
    autoPrecharge: auto && { RDA: auto.RDA, WRA: auto.WRA, waitsForTRAS: auto.waits_for_tRAS },
    closedBanks: data.closed_banks,
    refresh: {
      postponed: data.refresh.postponed,
      perBankInterval: data.refresh.per_bank_interval,
      banksPerREFpb: data.refresh.banks_per_REFpb ?? 1,
      ...readRefreshConditions(document, units),
    },
    currents: data.currents,
    openBanksOfIDD3N: data.IDD3N_banks,
    perBankRefreshEnergy: energy && {
      rails: energy.rails,
      withoutIDD5PB: energy.without_IDD5PB,
    },
    places: document.places(),
  };
}

/** No command, parameter or current is listed twice. */
function requireNoTwins({ data, place }: StandardDocument): void {
  for (const list of ['commands', 'parameters', 'rounded_down', 'currents'] as const)
    data[list].forEach((name: string, i: number) => {
      if ((data[list] as readonly string[]).indexOf(name) < i)
        throw new InputError(`${list} has ${name} twice`, { place: place([list, i]) });
    });
}

/** What the standard says of commands must be of its own, and complete. */
function requireCommands({ data, place }: StandardDocument): void {
  const { name, commands, constraints } = data;
  const own = (command: CommandName, path: readonly PropertyKey[], what: string): void => {
    if (!commands.includes(command))
      throw new InputError(`${what} ${command}, which is not a command of ${name}`, { place: place(path) });
  };
  constraints.forEach((constraint, index) => {
    for (const side of ['preceding', 'following'] as const)
      constraint[side].forEach((command, i) => {
        own(command, ['constraints', index, side, i], 'constraint on');
      });
  });
  const each = (
    key: 'command_cycles' | 'closed_banks',
    needed: readonly CommandName[],
    words: string,
  ): void => {
    const given = Object.keys(data[key]) as CommandName[];
    for (const command of given) own(command, [key, command], `${key} names`);
    const lacking = needed.filter((command) => commands.includes(command) && !given.includes(command));
    if (lacking.length > 0)
      throw new InputError(`${key} lacks ${lacking.join(', ')}`, {
        place: place([key]),
        remedy: `give each ${words}`,
      });
  };
  each('command_cycles', COMMANDS, 'the cycles of the command bus that it takes');
  each('closed_banks', CLOSING_COMMANDS, `${one(CLOSED_BANKS)}: the banks that must be closed for it`);

  /** A key that belongs to commands: there with them, and only with them. */
  const belongs = (path: readonly string[], given: unknown, words: string, ...to: CommandName[]): void => {
    const [command] = to.filter((candidate) => commands.includes(candidate));
    const key = path.join('.');
    if (command !== undefined && given === undefined)
      throw new InputError(`${key} is missing, which a standard with ${command} needs`, {
        place: place(path),
        remedy: `give ${words}`,
      });
    if (command === undefined && given !== undefined)
      throw new InputError(`${key} is of ${to.join(' and ')}, which ${name} does not have`, {
        place: place(path),
        remedy: `leave it out, or list ${to.join(', ')} among the commands`,
      });
  };
  belongs(
    ['auto_precharge'],
    data.auto_precharge,
    '{ RDA: FORMULA, WRA: FORMULA, waits_for_tRAS: true or false }',
    'RDA',
    'WRA',
  );
  belongs(
    ['refresh', 'per_bank_interval'],
    data.refresh.per_bank_interval,
    'a formula over the parameters and banks, such as "tREFI / banks"',
    'REFpb',
  );
  if (!commands.includes('REFpb'))
    belongs(['refresh', 'banks_per_REFpb'], data.refresh.banks_per_REFpb, 'a number', 'REFpb');
  belongs(
    ['per_bank_refresh_energy'],
    data.per_bank_refresh_energy,
    '{ rails: first or all, without_IDD5PB: activation or refused }',
    'REFpb',
  );
}

/** Parameters that are spoken of must be listed, and so must those that the simulator needs. */
function requireParameters({ data, place }: StandardDocument): void {
  const { name, commands, parameters, rounded_down, circuit_delays } = data;
  const needed = commands.includes('REFpb') ? [...ALWAYS, 'tRFCpb'] : ALWAYS;
  const lacking = needed.filter((parameter) => !parameters.includes(parameter));
  if (lacking.length > 0)
    throw new InputError(`parameters lack ${lacking.join(', ')}`, {
      place: place(['parameters']),
      remedy: `the simulator needs ${needed.join(', ')} of every standard${needed === ALWAYS ? '' : ' with REFpb'}`,
    });
  const own = (parameter: string, path: readonly PropertyKey[]): void => {
    if (!parameters.includes(parameter))
      throw new InputError(`${String(path[0])} names ${parameter}, which is not a parameter of ${name}`, {
        place: place(path),
        remedy: suggest(parameter, parameters, 'parameters'),
      });
  };
  rounded_down.forEach((parameter, i) => {
    own(parameter, ['rounded_down', i]);
  });
  for (const [parameter, delays] of Object.entries(circuit_delays)) {
    own(parameter, ['circuit_delays', parameter]);
    for (const delay of delays)
      if (circuit_delays[delay]?.length !== 1 || circuit_delays[delay][0] !== delay)
        throw new InputError(`circuit_delays counts ${parameter} by ${delay}, which it does not list`, {
          place: place(['circuit_delays', parameter]),
          remedy: `add ${delay}: [${delay}]`,
        });
  }
}

/** Every formula must give a number when each parameter is 8 cycles. */
function requireFormulas({ data, place }: StandardDocument, units: Units): void {
  const names = [...data.parameters, 'BL'];
  const trial = Object.fromEntries(names.map((parameter) => [parameter, 8]));
  const evaluate = (text: string, path: readonly PropertyKey[], also: readonly string[] = []): void => {
    const what = String(path[path.length - 1]);
    try {
      units.formula(text, { ...trial, ...Object.fromEntries(also.map((name) => [name, 8])) });
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      throw new InputError(`${what} ${error.message}`, {
        place: place(path),
        remedy: `use + - * / max min ceil floor round over the parameters listed above and ${['BL', ...also].join(', ')}`,
      });
    }
  };
  data.constraints.forEach((constraint, index) => {
    evaluate(constraint.latency, ['constraints', index, 'latency']);
  });
  evaluate(data.first_data.read, ['first_data', 'read']);
  evaluate(data.first_data.write, ['first_data', 'write']);
  if (data.auto_precharge) {
    evaluate(data.auto_precharge.RDA, ['auto_precharge', 'RDA']);
    evaluate(data.auto_precharge.WRA, ['auto_precharge', 'WRA']);
  }
  const interval = data.refresh.per_bank_interval;
  if (interval !== undefined) evaluate(interval, ['refresh', 'per_bank_interval'], ['banks']);
}
