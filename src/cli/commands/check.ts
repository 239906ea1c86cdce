import type { Command } from 'commander';
import type { ChannelViolation, CheckOutcome } from '../../experiments/check.ts';
import { CHECK } from '../../settings/jobs/check.ts';
import { configureCommand } from '../command-settings.ts';
import { EXIT } from '../failure.ts';
import { formatTable } from '../table.ts';
import { VIOLATIONS } from '../table-columns.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help =
    'Exit code 1 if the trace breaks the protocol.\n\nExample:\n  sparkxd check commands.csv --device ddr4-2400-8gb --supply 1.2';
  configureCommand(command, { job: CHECK, output: {}, help }, async (job, output) => {
    const { runCheck } = await import('../../experiments/check.ts');
    const outcome = await runCheck(job);
    print(output.json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
    if (outcome.violations > 0) process.exitCode = EXIT.input;
  });
}

function forPeople(outcome: CheckOutcome): string {
  const { device, supply, timing, format, channels, commands, cycles, violations, byRule, first } = outcome;
  const number = (value: number): string => value.toLocaleString('en');
  const of =
    channels < outcome.deviceChannels
      ? ` of ${channels} of the ${outcome.deviceChannels} channels`
      : channels === 1
        ? ''
        : ` of ${channels} channels`;
  const head = `${number(commands)} commands${of} in ${number(cycles)} cycles (${format}) against ${device} at ${supply} V, ${timing} timing`;
  if (violations === 0) return `${head}: legal\n`;
  const counts = Object.entries(byRule).map(([rule, count]) => `${rule} ${number(count)}`);
  const more = violations > first.length ? `... and ${number(violations - first.length)} more\n` : '';
  return [
    `${head}: ${number(violations)} violation${violations === 1 ? '' : 's'}`,
    `by rule: ${counts.join(', ')}`,
    '',
    `${formatTable(VIOLATIONS, first.map(cells))}${more}`,
  ].join('\n');
}

function cells({ channel, rule, level, sibling, command, earlier, missing }: ChannelViolation): string[] {
  const line = (of: { line?: number }): string => (of.line === undefined ? '' : ` (line ${of.line})`);
  return [
    String(channel),
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
