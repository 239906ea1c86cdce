import { Option } from 'commander';
import { ROW_FORMATS } from '../results/write-rows.ts';
import { listOf } from './option-values.ts';

/** Forms of the results beside results.csv, which is always written. */
const ALSO = ROW_FORMATS.filter((form) => form !== 'csv');

/** `--also`: results in further forms. */
export const alsoOption = (): Option =>
  new Option('--also <LIST>', `results in these forms, too: ${ALSO.join(', ')}`)
    .argParser(listOf(ALSO, 'forms'))
    .default([]);
