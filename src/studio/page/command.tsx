import { useState } from 'preact/hooks';

/** The command of the terminal that gives the same numbers, and a way to take it along. */
export function Command({ command, chip }: { readonly command: string; readonly chip: number | string }) {
  const [copied, setCopied] = useState('');
  const copy = (what: string, words: string) => async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(what);
      setCopied(words);
    } catch {
      setCopied('The browser does not let this page copy: mark the text instead.');
    }
  };
  return (
    <div class="command">
      <pre>
        <code>{command}</code>
      </pre>
      <div class="buttons">
        <button type="button" onClick={copy(command, 'Command copied.')}>
          Copy command
        </button>
        <button type="button" onClick={copy(location.href, 'Link copied.')}>
          Copy link
        </button>
        <span role="status">{copied}</span>
      </div>
      {typeof chip === 'number' && chip > 1 && <p class="hint">Its last row is that of chip {chip}.</p>}
    </div>
  );
}
