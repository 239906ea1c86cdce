import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { RUN } from '../../src/settings/jobs/run.ts';
import { completeJob, parseJob } from '../../src/settings/parse-job.ts';
import { randomCases } from '../effort.ts';

describe('a job', () => {
  it('is what its JSON says: manifests and point files give it back', () => {
    const job = completeJob(RUN, {
      dataset: 'mnist',
      weakCells: 'cells.csv',
      controller: { scheduler: 'fcfs' },
      pruneInputs: 0.1,
    });
    expect(parseJob(RUN, JSON.parse(JSON.stringify(job)))).toEqual(job);
  });

  it('never takes, and never answers with anything but an InputError of three lines, what is no job', () => {
    const whole = completeJob(RUN, { dataset: 'mnist' });
    const keys = fc.constantFrom(...Object.keys(RUN), 'constructor', '__proto__', 'toString', 'nope');
    fc.assert(
      fc.property(keys, fc.jsonValue({ maxDepth: 3 }), (key, value) => {
        const first = `${JSON.stringify(key)}:${JSON.stringify(value)},`;
        const given = JSON.parse(`{${first}${JSON.stringify(whole).slice(1)}`);
        if (Object.hasOwn(whole, key)) given[key] = value;
        try {
          const job = parseJob(RUN, given, { file: 'job.json' });
          expect(Object.hasOwn(RUN, key)).toBe(true);
          expect(Object.keys(job).every((name) => Object.hasOwn(RUN, name))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message.split('\n').length).toBeLessThanOrEqual(3);
        }
      }),
      { numRuns: randomCases(500) },
    );
  });
});
