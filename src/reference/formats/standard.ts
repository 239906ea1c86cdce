import { COMMANDS } from '../../hardware/standard.ts';
import { standardSchema } from '../../hardware/standard-from-yaml.ts';
import type { FormatDescription } from '../format-page.ts';

export const STANDARD: FormatDescription = {
  page: 'standard',
  title: 'Standard files',
  schema: standardSchema,
  example: { folder: 'standards', name: 'ddr3' },
  intro: [
    'A standard file says what a DRAM standard is to the simulator: commands, timing parameters, constraints. A device names one by',
    '`standard:`; shipped standards lie in `hw-models/standards/`. [DRAM standards as data](../standards.md) explains the meaning of a',
    'constraint and where the shipped ones differ from other simulators; [How to change sparkxd](../changing.md) lists the steps of adding one.',
    '',
    'A formula is arithmetic (`+ - * /`, max, min, ceil, floor, round) over the parameters, each in whole cycles, and `BL`, the burst',
    'length in transfers. Keys of commands that a standard does not have (REFpb, RDA) are left out.',
  ],
  keys: {
    commands: 'commands that the standard has',
    command_cycles: 'cycles of the command bus that each of its commands takes',
    ...Object.fromEntries(
      COMMANDS.map((name) => [
        `command_cycles.${name}`,
        `cycles of ${name}; required if the standard has it`,
      ]),
    ),
    parameters:
      'timing parameters that a device gives, in JEDEC’s names; at least tRCD, tRP, tRAS, tRC, tWR, tREFI, tRFCab, and tRFCpb with REFpb',
    rounded_down: 'parameters that are longest times, and round down to whole cycles: `[tREFI]`',
    circuit_delays: 'parameters that grow as the supply falls',
    'circuit_delays.NAME': 'the circuit delays that the parameter is or contains: `tRC: [tRAS, tRP]`',
    first_data: 'from a column command to its first data',
    'first_data.read': 'formula for RD, such as `RL + tDQSCK`',
    'first_data.write': 'formula for WR, such as `WL`',
    auto_precharge: 'from RDA and WRA to the precharge that each holds; with RDA only',
    'auto_precharge.RDA': 'formula for RDA',
    'auto_precharge.WRA': 'formula for WRA',
    'auto_precharge.waits_for_tRAS': 'whether that precharge also waits for tRAS after ACT',
    closed_banks: 'banks of the rank that must be closed for a command',
    'closed_banks.REFab': 'for an all-bank refresh',
    'closed_banks.REFpb': 'for a per-bank refresh: `own` means those that it refreshes',
    'closed_banks.SRE': 'for entry to self-refresh',
    'closed_banks.PDE': 'for entry to power-down',
    refresh: 'how often is refreshed',
    'refresh.postponed': 'refreshes that may be postponed',
    'refresh.per_bank_interval': 'formula, also over `banks`: cycles from one REFpb of a rank to the next',
    'refresh.banks_per_REFpb': 'banks that one REFpb refreshes (default: 1)',
    'refresh.window': 'time in which every row is refreshed once, such as `64 ms`; with `temperature`',
    'refresh.temperature': 'steps of temperature, hottest last; without them `--temperature` is refused',
    'refresh.temperature[].up_to': 'the step holds up to this temperature',
    'refresh.temperature[].tREFI': 'share of tREFI that is left there; 1 in the first step',
    currents: 'currents that a device can give',
    IDD3N_banks: 'banks that are open while IDD3N is measured',
    per_bank_refresh_energy: 'what `--model drampower4` makes of REFpb; with REFpb only',
    'per_bank_refresh_energy.rails': 'rails that a per-bank refresh is charged to',
    'per_bank_refresh_energy.without_IDD5PB':
      'what it is taken for on a rail without IDD5PB: one activation, or a run that needs it is refused',
    constraints:
      'after the `window`-th last of the `preceding` commands of a member of the `level`, a `following` one to the same member waits `latency` cycles',
    'constraints[].level': 'what the constraint speaks of',
    'constraints[].preceding': 'earlier commands',
    'constraints[].following': 'later commands',
    'constraints[].latency': 'formula: least cycles between them',
    'constraints[].window': 'how many preceding commands it counts back: 4 for tFAW',
    'constraints[].sibling': 'true: it holds between different members of the level (rank to rank)',
  },
};
