import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { banksPerRank, type Device } from '../hardware/device.ts';
import { type DramCommand, RANK_COMMANDS } from '../hardware/dram-command.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import { createBankwiseStates } from './bankwise-states.ts';
import { type CommandDurations, commandDurations, timeToCompletion } from './completion.ts';
import { createOpenRows } from './open-rows.ts';
import { createRankStates } from './rank-states.ts';

/** A command that the state of its rank forbids. */
export interface ForbiddenCommand {
  /** Its name, or the precharge that an RDA or WRA holds. */
  readonly name: string;
  readonly cycle: Cycles;
  readonly line: number | undefined;
  readonly why: string;
}

export interface WindowOptions {
  /** Name of the command file, for messages. */
  readonly file?: string;
  /** Closes the window there instead of when the last command is complete; asked when the commands are at an end. */
  readonly endCycle?: () => Cycles | undefined;
  /** Called with each command that the state of its rank forbids, and why; it is then left out. Without it they are refused. */
  readonly onForbidden?: (forbidden: ForbiddenCommand) => void;
}

/**
 * Counts what a command stream did, as DRAMPower 4.1 and DRAMPower 6 count (see `RankActivity`). The window begins at cycle 0 and
 * ends when the last command is complete: the length that DRAMPower gives a trace (after a PRE tRP - 1, an ACT
 * tRCD - 1, a read RL + tDQSCK + BL/2, a write WL + BL/2 + tWR - 1 cycles, after a refresh its active part).
 * Throws InputError, naming the line, for a command that the standard does not have, cycles that go backwards, a rank
 * or bank that the device lacks, a command that the rank's state forbids (a read from a closed bank, an activation of an open one, anything in power-down),
 * for an empty trace, and for a window that ends before the last command.
 */
export function activityFromCommands(
  device: Device,
  timing: ResolvedTiming,
  commands: Iterable<DramCommand>,
  { file = 'commands', endCycle: endOf = () => undefined, onForbidden }: WindowOptions = {},
): ChannelActivity {
  const { organisation } = device;
  const banks = banksPerRank(organisation);
  const durations = commandDurations(device, timing);
  const ranks = Array.from({ length: organisation.ranks }, () =>
    createRankStates(banks, durations, createOpenRows(banks, organisation.rowsPerSubarray, timing.subarrays)),
  );
  const bankwise = Array.from({ length: organisation.ranks }, () => createBankwiseStates(banks, durations));
  // A scheme of subarrays adds SASEL to any standard, and it draws no current of its own.
  const known: ReadonlySet<CommandName> = new Set<CommandName>([...timing.commands, 'SASEL']);
  let end: Cycles = 0;
  let last: DramCommand | undefined;
  for (const step of withPrecharges(commands, durations, endOf)) {
    const { command, name, cycle } = step;
    const { rank, bank, row, slowExit = false } = command;
    const named = name === command.command ? name : `the precharge of ${command.command}`;
    const refuse = (why: string, remedy?: string): never => {
      throw new InputError(`${named} at cycle ${cycle}: ${why}`, {
        place: command.line === undefined ? { file } : { file, line: command.line },
        ...(remedy ? { remedy } : {}),
      });
    };
    if (!known.has(name)) refuse(`${timing.standard} has no such command`);
    if (last !== undefined && command.cycle < last.cycle && name === command.command)
      refuse(`the command before it is at cycle ${last.cycle}`);
    if (!(rank >= 0 && rank < organisation.ranks))
      refuse(`${device.name} has no rank ${rank} (ranks 0 to ${organisation.ranks - 1})`);
    if (!RANK_COMMANDS.has(name) && !(bank >= 0 && bank < banks))
      refuse(`${device.name} has no bank ${bank} (banks 0 to ${banks - 1})`);
    const states = ranks[rank]!;
    const fault =
      name === command.command
        ? states.apply(name, cycle, bank, row, slowExit)
        : states.closeHeld(cycle, bank, row);
    if (fault !== undefined) {
      if (!onForbidden)
        refuse(
          fault,
          '`sparkxd check` lists all that is wrong; `power --lenient` counts and skips such commands',
        );
      onForbidden?.({ name: named, cycle, line: command.line, why: fault });
      step.accepted = false;
      if (name === command.command) last = command;
      continue;
    }
    bankwise[rank]!.apply(name, cycle, bank);
    if (name === command.command) last = command;
    end = Math.max(cycle, cycle + timeToCompletion(name, durations) - 1);
  }
  if (last === undefined) throw new InputError('the trace holds no command', { place: { file } });
  const endCycle = endOf();
  if (endCycle !== undefined && endCycle < last.cycle)
    throw new InputError(`the window ends at cycle ${endCycle}, before the last command`, {
      place: last.line === undefined ? { file } : { file, line: last.line },
      remedy: `give an end cycle of at least ${last.cycle}`,
    });
  const cycles = endCycle ?? Math.max(end, ...ranks.map((states) => states.busyUntil()));
  return {
    cycles,
    ranks: ranks.map((states, rank) => ({
      ...states.finish(cycles),
      bankwise: bankwise[rank]!.finish(cycles),
    })),
  };
}

interface Step {
  readonly command: DramCommand;
  /** The command's own name, or PRE for the precharge that an RDA or WRA holds. */
  readonly name: CommandName;
  readonly cycle: Cycles;
  /** Whether the rank took the step; set by whoever applies it, before the next one is asked for. */
  accepted: boolean;
}

/**
 * The stream with the precharge of each RDA and WRA as a step of its own, when it begins: its delay after the column
 * command, but not before tRAS after the activation where the standard's auto-precharge waits for that. A precharge goes before a command of the same cycle, and one
 * that begins after the window's end is not of it.
 */
function* withPrecharges(
  commands: Iterable<DramCommand>,
  { autoPrecharge, tRAS }: CommandDurations,
  endOf: () => Cycles | undefined,
): Generator<Step> {
  const activated = new Map<string, Cycles>();
  let pending: Step[] = [];
  const due = function* (cycle: Cycles): Generator<Step> {
    if (pending.length === 0) return;
    yield* pending.filter((step) => step.cycle <= cycle);
    pending = pending.filter((step) => step.cycle > cycle);
  };
  for (const command of commands) {
    const { command: name, cycle, rank, bank } = command;
    yield* due(cycle);
    const step = { command, name, cycle, accepted: true };
    yield step;
    if (!step.accepted) continue;
    if (name === 'ACT') activated.set(`${rank},${bank}`, cycle);
    if ((name === 'RDA' || name === 'WRA') && autoPrecharge !== undefined) {
      const restored = (activated.get(`${rank},${bank}`) ?? 0) + tRAS;
      const begins = cycle + autoPrecharge[name];
      pending.push({
        command,
        name: 'PRE',
        cycle: autoPrecharge.waitsForTRAS ? Math.max(begins, restored) : begins,
        accepted: true,
      });
      pending.sort((a, b) => a.cycle - b.cycle);
    }
  }
  yield* due(endOf() ?? Number.POSITIVE_INFINITY);
}
