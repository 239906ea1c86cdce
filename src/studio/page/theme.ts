import { useEffect, useState } from 'preact/hooks';

const DARK = '(prefers-color-scheme: dark)';

/** Whether the reader prefers dark colours, now and when that changes. */
export function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const query = matchMedia(DARK);
    const listen = (): void => setDark(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return dark;
}

/** Colours of charts and pictures, as style.css has them for text. */
export const coloursOf = (dark: boolean) =>
  dark
    ? {
        ink: '#e6edf3',
        faint: '#9198a1',
        line: '#3d444d',
        paper: '#151b23',
        mark: '#ff7b72',
        blue: '#6cb6ff',
        orange: '#f0a35e',
        empty: '#21262d',
      }
    : {
        ink: '#1f2328',
        faint: '#59636e',
        line: '#d1d9e0',
        paper: '#ffffff',
        mark: '#c4162a',
        blue: '#1f6fb4',
        orange: '#c45a00',
        empty: '#eef1f4',
      };

export type Colours = ReturnType<typeof coloursOf>;
