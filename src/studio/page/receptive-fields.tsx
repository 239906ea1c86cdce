import { useCallback } from 'preact/hooks';
import type { FieldsView, Pixels } from '../messages.ts';
import { Canvas } from './canvas.tsx';
import { whole } from './format.ts';

/** What each neuron has learnt, as trained and as the chip gives it back. */
export function ReceptiveFields({ fields }: { readonly fields: FieldsView }) {
  const { clean, read, shown, neurons } = fields;
  const of = shown === neurons ? `the ${neurons} neurons` : `the first ${shown} of ${neurons} neurons`;
  return (
    <div class="pair">
      <Picture pixels={clean} title="as trained" label={`Receptive fields of ${of} as trained.`} />
      <Picture
        pixels={read}
        title="as read"
        label={`The same as read from the chip: ${whole(fields.changed)} of ${whole(fields.weights)} weights differ.`}
      />
    </div>
  );
}

interface PictureProps {
  readonly pixels: Pixels;
  readonly title: string;
  readonly label: string;
}

function Picture({ pixels, title, label }: PictureProps) {
  const { width, height, data } = pixels;
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => context.putImageData(new ImageData(data, width, height), 0, 0),
    [pixels],
  );
  return (
    <figure>
      <Canvas class="wide" label={label} width={width} height={height} draw={draw} />
      <figcaption>{title}</figcaption>
    </figure>
  );
}
