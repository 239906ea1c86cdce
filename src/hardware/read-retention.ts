import { InputError } from '../errors/input-error.ts';
import { BOUNDS } from './bounds.ts';
import { probability } from './probability.ts';
import type { ProfileDocument } from './profile-schema.ts';
import type { ValueReader } from './sourced-values.ts';
import type { RetentionTable } from './voltage-profile.ts';

/** The retention table of a profile that has one. Throws InputError for one that is out of order or incomplete. */
export function readRetention(document: ProfileDocument, reader: ValueReader): RetentionTable {
  const { retention } = document.data;
  const given = retention!;
  const intervals = given.intervals.map(
    (text, i) => reader.quantity(['retention', 'intervals', String(i)], text, 'time', BOUNDS.retention) / 1e6,
  );
  intervals.forEach((interval, i) => {
    if (i > 0 && interval <= intervals[i - 1]!)
      throw new InputError('retention.intervals must grow from one to the next', {
        place: document.place(['retention', 'intervals', i]),
      });
  });
  const series = given.series.map(([supply, temperature, rates], i) => {
    const path = ['retention', 'series', String(i)];
    if (rates.length !== intervals.length)
      throw new InputError(`${path.join('.')} has ${rates.length} rates for ${intervals.length} intervals`, {
        place: document.place(path),
      });
    const ber = rates.map((rate, j) => probability(document, reader, [...path, '2', String(j)], rate));
    ber.forEach((rate, j) => {
      if (j > 0 && rate < ber[j - 1]!)
        throw new InputError(`${path.join('.')} must not fall with the refresh interval`, {
          place: document.place([...path, '2', j]),
        });
    });
    return {
      supply: reader.quantity([...path, '0'], supply, 'voltage', BOUNDS.voltage),
      temperature: reader.quantity([...path, '1'], temperature, 'temperature'),
      intervals,
      ber,
    };
  });
  return {
    detectionLimit: probability(document, reader, ['retention', 'detection_limit'], given.detection_limit),
    series,
  };
}
