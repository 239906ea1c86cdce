import { useEffect, useState } from 'preact/hooks';
import type { Model, State } from './model.ts';

/** Most bytes of a file that is taken: it goes into memory as a whole. */
const LARGEST = 2 ** 28;

interface Props {
  readonly state: State;
  readonly model: Model;
}

/** Files of the user's own: dropped anywhere on the page, or chosen. They stay in the page. */
export function OwnFiles({ state, model }: Props) {
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState('');
  const take = async (files: Iterable<File>): Promise<void> => {
    for (const file of files) {
      if (file.size > LARGEST) setRefused(`${file.name}: larger than 256 MiB, the most that is taken`);
      else model.drop(file.name, new Uint8Array(await file.arrayBuffer()));
    }
  };
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.type === 'dragover');
    };
    const drop = (event: DragEvent): void => {
      hover(event);
      void take(event.dataTransfer?.files ?? []);
    };
    document.addEventListener('dragover', hover);
    document.addEventListener('dragleave', hover);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', hover);
      document.removeEventListener('dragleave', hover);
      document.removeEventListener('drop', drop);
    };
  }, []);
  return (
    <div class={over ? 'own over' : 'own'}>
      <label for="own">
        Your own device or profile (YAML), weights, weak cells or access trace: drop files here, or
      </label>
      <input
        id="own"
        type="file"
        multiple
        onChange={({ currentTarget }) => {
          void take(currentTarget.files ?? []);
        }}
      />
      <ul aria-live="polite">
        {refused !== '' && <li class="refused">{refused}</li>}
        {state.dropped.map(({ name, file }) => (
          <li key={name} class={'message' in file ? 'refused' : ''}>
            {'message' in file ? (
              <pre>{file.message}</pre>
            ) : (
              `${name}: ${'setting' in file ? `taken as --${file.setting}` : 'an access trace, below'}`
            )}
          </li>
        ))}
      </ul>
      <p class="hint">Files stay in this page; a link names them and does not hold them.</p>
    </div>
  );
}
