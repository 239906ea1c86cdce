import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** Draws the whole picture; another function draws it anew. */
  readonly draw: (context: CanvasRenderingContext2D) => void;
  readonly class?: string;
  /** What lies under a place of the picture, in words. */
  readonly says?: (x: number, y: number) => string | undefined;
}

/** A picture of pixels, with its content in words for those who do not see it. */
export function Canvas({ label, width, height, draw, says, class: name = '' }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, width, height);
    draw(context);
  }, [draw, width, height]);
  const point = (event: MouseEvent): void => {
    const at = canvas.current!;
    const { width: shownWidth, height: shownHeight } = at.getBoundingClientRect();
    const words = says?.((event.offsetX * width) / shownWidth, (event.offsetY * height) / shownHeight);
    at.title = words ?? '';
  };
  return (
    <canvas
      ref={canvas}
      class={name}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      onMouseMove={says && point}
    />
  );
}
