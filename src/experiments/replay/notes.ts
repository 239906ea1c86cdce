import type { ReplayJob } from '../../settings/jobs/replay.ts';
import type { MemoryMap } from '../../trace/memory-map.ts';
import type { TraceMetadata } from '../../trace/sxt-format.ts';
import { placedFor, type ReadsOfReplay } from './reads.ts';

/** What was taken from a recording, what was assumed, and why there is no accuracy, in lines. */
export function notesOf(
  job: ReplayJob,
  reads: ReadsOfReplay | undefined,
  map: MemoryMap | undefined,
  metadata: TraceMetadata,
): string[] {
  if (job.noAccuracy) return [];
  const recorded = metadata['network'] !== undefined;
  if (map === undefined && recorded)
    return [
      'the recording has no memory map (it is of an earlier version, or its addresses were changed): no accuracy; record it again for one',
    ];
  if (reads?.recording) {
    const { recording } = reads;
    const { words } = recording;
    const { inference, reading, placement } = recording.map;
    const placed = placedFor(recording);
    const placedWords = placed === 'any' ? 'the same for every chip and supply' : `for ${placed}`;
    return [
      `accuracy from the recording's own reads: ${inference.images} images of ${words.dataset}, ${words.format}${words.ecc === 'none' ? '' : ` with ${words.ecc}`}, repair ${recording.repair} (--repair names another), ${recording.kind === 'layers' ? 'readout' : 'vote'} ${words.vote}`,
      job.replace
        ? `weights placed anew by ${recording.policy} for each chip and supply`
        : `weights stay where ${placement.policy} placed them (${placedWords}); --replace places them anew`,
      ...moreImages(job.images, inference.images),
      ...(job.profile === undefined ? [`weak cells by profile ${reads.profile.name}, as recorded`] : []),
      ...(job.flipProbability === undefined && reading !== undefined && reading.flip_probability < 1
        ? [`weak cells flip with probability ${reading.flip_probability}, as recorded`]
        : []),
    ];
  }
  if (reads === undefined) return [];
  return [
    `wrong reads: every weak cell of profile ${reads.profile.name} counts as a flip, whatever the trace's data are`,
    ...(job.ecc === 'secded'
      ? [
          'check bits: SECDED(72,64) over every 8 bytes of a burst, from its first byte on; the 8 check bits lie beside the data, in cells that never fail',
        ]
      : []),
  ];
}

/** Images beyond the recorded ones have no reads of their own in the trace. */
const moreImages = (images: ReplayJob['images'], recorded: number): string[] =>
  images === 'all' || (images !== 'recorded' && images > recorded)
    ? [
        `the trace holds the reads of ${recorded} of the images; the others are classified with the same weights, since every read gives the same`,
      ]
    : [];
