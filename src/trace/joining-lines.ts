import { type AccessRun, type AccessRunReader, emptyRun } from './access-run.ts';

/**
 * A reader of lines, each an access, that joins those that go on where the one before them ends. `plain` reads the next line if
 * it is in the form in which programs write it, and is false, with nothing read, for any other; `any` reads every line.
 */
export function joiningLines(
  plain: (run: AccessRun) => boolean,
  any: (run: AccessRun) => boolean,
): AccessRunReader {
  /** The line that was looked at and does not belong to the run before it. */
  const ahead = emptyRun();
  let isAhead = false;
  return {
    next(run) {
      if (!isAhead) return plain(run) || any(run);
      isAhead = false;
      run.address = ahead.address;
      run.bytes = ahead.bytes;
      run.write = ahead.write;
      run.arrival = ahead.arrival;
      run.source = ahead.source;
      return true;
    },
    join(run, unit, most) {
      const { address, write, arrival, source } = run;
      let { bytes } = run;
      while (bytes < most && plain(ahead)) {
        isAhead =
          ahead.address !== address + bytes ||
          ahead.write !== write ||
          ahead.arrival !== arrival ||
          ahead.source !== source ||
          ahead.bytes % unit !== 0 ||
          bytes + ahead.bytes > most;
        if (isAhead) break;
        bytes += ahead.bytes;
      }
      run.bytes = bytes;
    },
  };
}
