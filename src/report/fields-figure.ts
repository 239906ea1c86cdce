import type { Network } from '../snn/network.ts';
import type { Figure } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import { encodePng } from './png.ts';
import { firstNeurons, receptiveFields } from './receptive-fields.ts';

/** Neurons shown, in a square. */
const SHOWN = 36;
/** Screen pixels a weight. */
const MAGNIFIED = 2;

/** Weights as a chip gives them back under a mapping. */
export interface MappedWeights {
  readonly mapping: string;
  /** inputs x neurons. */
  readonly weights: Float32Array;
  readonly flippedBits: number;
}

/** Receptive fields of the first neurons as trained and under each mapping, as PNG pictures inside the page. */
export function fieldsFigure(
  heading: Omit<Figure, 'pictures' | 'absent'>,
  network: Network,
  held: readonly MappedWeights[],
  where: string,
): Figure {
  const shown = Math.min(SHOWN, network.neurons);
  const picture = (weights: Float32Array, words: string): Markup => {
    const columns = Math.ceil(Math.sqrt(shown));
    const fields = receptiveFields(
      { ...network, neurons: shown },
      firstNeurons(network, weights, shown),
      columns,
    );
    const png = Buffer.from(encodePng(fields)).toString('base64');
    const [width, height] = [fields.width * MAGNIFIED, fields.height * MAGNIFIED];
    return markup`<figure><img src="data:image/png;base64,${png}" width="${width}" height="${height}" class="pixels" alt="${words}"><figcaption>${words}</figcaption></figure>`;
  };
  return {
    ...heading,
    pictures: [
      picture(network.weights, `${shown} of ${network.neurons} neurons as trained`),
      ...held.map(({ mapping, weights, flippedBits }) =>
        picture(
          weights,
          `${where}, mapping ${mapping}: ${flippedBits.toLocaleString('en')} bits flipped in all`,
        ),
      ),
    ],
  };
}
