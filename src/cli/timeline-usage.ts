import type { Command } from 'commander';
import { EXIT } from './failure.ts';

/**
 * Ends with a usage error where the command line wants a window of no timeline, or a timeline of several supplies or chips: a
 * timeline shows one simulation.
 */
export function refuseTimeline(
  command: Command,
  { timeline, timelineWindow }: { readonly timeline?: string; readonly timelineWindow?: string },
  supplies: number,
  chips: number,
): void {
  if (timeline === undefined) {
    if (timelineWindow !== undefined)
      command.error('--timeline-window is of a timeline: name its file with --timeline FILE.json', {
        exitCode: EXIT.usage,
      });
    return;
  }
  if (supplies === 1 && chips === 1) return;
  const several = supplies > 1 ? `${supplies} supplies` : `${chips} chips`;
  command.error(
    `--timeline shows one simulation, not ${several}: give a single --supply, and a single --chip`,
    {
      exitCode: EXIT.usage,
    },
  );
}
