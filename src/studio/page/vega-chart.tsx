import { useEffect, useRef } from 'preact/hooks';
import type { Mark, View } from 'vega';
import type { LiveChart } from './charts.ts';
import { type Colours, coloursOf, useDark } from './theme.ts';

/** Vega is large, and the figures need not wait for it. */
const loadVega = async () => {
  const [vega, vegaLite, interpreter] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  return { ...vega, compile: vegaLite.compile, expr: interpreter.expressionInterpreter };
};
/** Begun with the page: it comes while the model worker computes what the charts show. */
const loaded = loadVega();
// Whoever draws a chart is told of it.
loaded.catch(() => undefined);

const configOf = ({ ink, faint, line }: Colours) => ({
  background: 'transparent',
  font: 'system-ui, sans-serif',
  // The figure around the picture says in words what it shows.
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: faint,
    titleColor: ink,
    titleFontWeight: 500,
    titleFontSize: 12,
    labelFontSize: 11,
    gridColor: line,
    gridOpacity: 0.6,
    domainColor: faint,
    tickColor: faint,
  },
  legend: { labelColor: ink, labelFontSize: 12, symbolStrokeWidth: 0 },
});

/** Marks, those within others too, that say nothing to a screen reader: the configuration does not reach marks of layers. */
function silence(marks: Mark[] = []): void {
  for (const mark of marks) {
    mark.aria = false;
    if ('marks' in mark) silence(mark.marks);
  }
}

interface Props {
  readonly chart: LiveChart;
  /** What the chart shows, in words. */
  readonly label: string;
}

/** A chart whose data change while it stands. Expressions are interpreted: no text becomes code. */
export function VegaChart({ chart, label }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<Promise<View | undefined>>(Promise.resolve(undefined));
  const dark = useDark();
  const spec = JSON.stringify(chart.spec);

  useEffect(() => {
    let ended = false;
    view.current = (async () => {
      const { View, compile, parse, expr } = await loaded;
      if (ended) return undefined;
      const full = { ...JSON.parse(spec), config: configOf(coloursOf(dark)) };
      const drawn = compile(full).spec;
      silence(drawn.marks);
      const runtime = parse(drawn, undefined, { ast: true });
      const made = new View(runtime, { expr, renderer: 'svg', container: place.current!, hover: false });
      await setData(made, chart.data);
      return made;
    })();
    const { current } = view;
    return () => {
      ended = true;
      void current.then((made) => made?.finalize());
    };
  }, [spec, dark]);

  useEffect(() => {
    void view.current.then((made) => made && setData(made, chart.data));
  }, [chart.data]);

  return <div class="chart" role="img" aria-label={label} ref={place} />;
}

async function setData(view: View, data: LiveChart['data']): Promise<void> {
  for (const [name, values] of Object.entries(data)) view.data(name, values as object[]);
  // Numbers at the axes that grow longer need more room.
  await view.resize().runAsync();
}
