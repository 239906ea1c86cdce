import { SPLITS } from '../datasets/dataset.ts';
import { DEFAULT_VOTE, VOTES } from '../snn/vote.ts';
import { optional, required, withDefault } from './setting.ts';
import { oneOf, text, whole } from './values.ts';

/** Settings of a trained network and of the images that it sees. */

export const weights = required({
  ...text,
  value: 'NAME|FILE',
  names: 'networks',
  help: 'trained network: a shipped name such as n400-mnist, or a file (safetensors, npz, NIR)',
});

export const network = withDefault(
  { ...text, help: 'shipped network of this size, trained on the dataset' },
  'n400',
);

export const dataset = withDefault(
  {
    ...text,
    value: 'NAME|DIR',
    names: 'datasets',
    help: 'mnist, fashion-mnist, or a folder with the four IDX files',
  },
  'mnist',
);

export const split = withDefault(
  { ...oneOf(SPLITS, 'splits'), help: 'test images, or the training images kept for validation' },
  'test',
);

/** No dataset of this program is larger. */
export const MOST_IMAGES = 10_000_000;

export const images = optional({
  ...whole(1, MOST_IMAGES),
  help: 'only the first N test images (default: all)',
});

export const vote = withDefault(
  { ...oneOf(VOTES, 'votes'), help: `how spikes become a class: ${VOTES.join(', ')}` },
  DEFAULT_VOTE,
);

export const seed = withDefault({ ...whole(0), help: 'seed of the chips and of the input spikes' }, 1);
