import type { Command } from 'commander';
import type { Violation } from '../../dram/checker-violation.ts';
import type { CheckOutcome } from '../../experiments/run-check.ts';
import { TIMING_MODES, type TimingMode } from '../../hardware/resolved-timing.ts';
import { COMMAND_TRACE_FORMATS, type CommandTraceFormat } from '../../trace/command-trace-formats.ts';
import { EXIT } from '../failure.ts';
import { numberBetween, oneOf, wholeNumber } from '../option-values.ts';
import { type Column, formatTable } from '../table.ts';

interface CheckOptions {
  readonly device: string;
  readonly supply?: number;
  readonly timing: TimingMode;
  readonly format?: CommandTraceFormat;
  readonly postponedRefreshes: number;
  readonly limit: number;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('<COMMANDS>', 'command trace of one channel, gzip or plain')
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--supply <V>', 'supply voltage (default: nominal)', numberBetween(0, 10))
    .option('--timing <NAME>', TIMING_MODES.join(', '), oneOf(TIMING_MODES, 'timings'), 'nominal')
    .option(
      '--format <NAME>',
      `${COMMAND_TRACE_FORMATS.join(', ')} (default: found from the content)`,
      oneOf(COMMAND_TRACE_FORMATS, 'command formats'),
    )
    .option('--postponed-refreshes <N>', 'refreshes that may be postponed', wholeNumber(0), 8)
    .option('--limit <N>', 'violations to list; all are counted', wholeNumber(0), 100)
    .option('--json', 'print the outcome as one JSON object')
    .addHelpText(
      'after',
      '\nExit code 1 if the trace breaks the protocol.\n\nExample:\n  sparkxd check commands.csv --device ddr4-2400-8gb --supply 1.2',
    )
    .action(check);
}

async function check(commands: string, options: CheckOptions): Promise<void> {
  const { runCheck } = await import('../../experiments/run-check.ts');
  const { device, supply, timing, format, postponedRefreshes, limit, json } = options;
  const outcome = await runCheck({
    ...{ commands, device, supply, timing, postponedRefreshes, keep: limit },
    ...(format ? { format } : {}),
  });
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
  if (outcome.violations > 0) process.exitCode = EXIT.input;
}

const COLUMNS: readonly Column[] = [
  { heading: 'line' },
  { heading: 'cycle' },
  { heading: 'command', align: 'left' },
  { heading: 'rank' },
  { heading: 'bank' },
  { heading: 'broken rule', align: 'left' },
  { heading: 'scope', align: 'left' },
  { heading: 'after', align: 'left' },
  { heading: 'missing', unit: 'cycles' },
];

function forPeople(outcome: CheckOutcome): string {
  const { device, supply, timing, format, commands, cycles, violations, byRule, first } = outcome;
  const number = (value: number): string => value.toLocaleString('en');
  const head = `${number(commands)} commands in ${number(cycles)} cycles (${format}) against ${device} at ${supply} V, ${timing} timing`;
  if (violations === 0) return `${head}: legal\n`;
  const counts = Object.entries(byRule).map(([rule, count]) => `${rule} ${number(count)}`);
  const more = violations > first.length ? `... and ${number(violations - first.length)} more\n` : '';
  return [
    `${head}: ${number(violations)} violation${violations === 1 ? '' : 's'}`,
    `by rule: ${counts.join(', ')}`,
    '',
    `${formatTable(COLUMNS, first.map(cells))}${more}`,
  ].join('\n');
}

function cells({ rule, level, sibling, command, earlier, missing }: Violation): string[] {
  const line = (of: { line?: number }): string => (of.line === undefined ? '' : ` (line ${of.line})`);
  return [
    String(command.line ?? 'end'),
    String(command.cycle),
    command.command,
    String(command.rank),
    command.bank < 0 ? 'all' : String(command.bank),
    rule,
    sibling ? `other ${level}s` : level,
    earlier ? `${earlier.command} at ${earlier.cycle}${line(earlier)}` : '',
    missing > 0 ? String(missing) : '',
  ];
}
