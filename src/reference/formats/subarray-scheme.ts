import { schemeSchema } from '../../hardware/subarray-scheme-from-yaml.ts';
import type { FormatDescription } from '../format-page.ts';

export const SUBARRAY_SCHEME: FormatDescription = {
  page: 'subarray-scheme',
  title: 'Subarray schemes',
  schema: schemeSchema,
  example: { folder: 'subarrays', name: 'masa' },
  intro: [
    'A subarray scheme says how the subarrays of a bank are used apart, on top of any standard. `--subarrays` takes the shipped ones of',
    '`hw-models/subarrays/`; the device must give `rows_per_subarray`. Formulas are over the standard’s parameters, those of the scheme,',
    '`burst` (cycles of a burst), `readToPrecharge` and `writeToPrecharge`.',
  ],
  keys: {
    open_subarrays: 'subarrays of a bank that may be open at once',
    select: 'whether a column needs its subarray selected, by ACT or SASEL',
    whole_bank: 'commands that act on the whole bank',
    parameters: 'parameters of the scheme',
    'parameters.NAME': 'formula of a parameter, in quotation marks',
    constraints: 'constraints between commands of subarrays of a bank',
    'constraints[].preceding': 'earlier commands',
    'constraints[].following': 'later commands',
    'constraints[].latency': 'formula: least cycles between them',
    'constraints[].sibling': 'true: between different subarrays of a bank; false: of the same one',
  },
};
