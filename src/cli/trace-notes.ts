import type { TraceReading } from '../experiments/trace-reading.ts';

const number = (value: number): string => value.toLocaleString('en');

/** "12 ReadResp, 3 CleanEvict" */
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${number(count)} ${name}`)
    .join(', ');

/**
 * What a trace was found to be and what was assumed of it, in lines. `flag` names a format on the command line; `burst` are
 * the bytes of a burst of the device.
 */
export function readingNotes(reading: TraceReading, flag: string, burst?: number): string[] {
  const { format, named, assumed_access_bytes: bytes, access_bytes_given, skipped } = reading;
  const size =
    bytes === undefined
      ? 'each access says its size'
      : `${number(bytes)} ${bytes === 1 ? 'byte' : 'bytes'} an access${access_bytes_given ? '' : ' that does not say (--access-bytes N)'}`;
  const found = `${format} (${named ? 'as named' : `found from its content; ${flag} names another`})`;
  return [
    `trace: ${found}, ${size}${burst === undefined ? '' : `, ${number(burst)} bytes a burst`}`,
    ...(reading.bare_digits_in_base_16
      ? [
          `its addresses are decimal digits without 0x, taken in base 16 as ${format} has it; --address-base 10 takes them in base 10`,
        ]
      : []),
    ...(reading.late_requests > 0
      ? [
          reading.late_requests === 1
            ? '1 request was late and arrives at the latest time before it'
            : `${number(reading.late_requests)} requests were late and arrive at the latest time before them`,
        ]
      : []),
    ...(Object.keys(skipped).length > 0
      ? [`skipped, since they neither read nor write: ${listed(skipped)}`]
      : []),
  ];
}
