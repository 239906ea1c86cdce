/** An edge of a graph between places of its nodes. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/** An order in which the nodes of a graph can be evaluated within one step. */
export interface LayerOrder {
  /** Places of the nodes. */
  readonly order: readonly number[];
  /** Edges, by their place in the list, that carry the output of the step before. */
  readonly delayed: ReadonlySet<number>;
  /** Cycles that nothing can delay, as the places of their nodes. */
  readonly loops: readonly (readonly number[])[];
}

/**
 * Cuts the cycles of a graph and orders its nodes. A cycle costs one step of delay, at the edge out of its last neuron as seen from
 * the input, which is the one into the recurrent weights. A cycle without a neuron has no such edge, and is given under `loops`.
 * Of nodes that may come next, the one that first stands as a target in the list of edges does; `last` comes last.
 * `known` are edges of which it is known that they are delayed.
 */
export function orderLayers(
  count: number,
  edges: readonly Edge[],
  { isNeuron, first, last, known = new Set() }: OrderOptions,
): LayerOrder {
  const outgoing = Array.from({ length: count }, (): number[] => []);
  for (const [k, { from }] of edges.entries()) outgoing[from]!.push(k);
  const delayed = new Set(known);
  const cut = new Set(known);
  const loops: number[][] = [];
  const starts = [first, ...Array.from({ length: count }, (_, node) => node)];
  for (let cycle = findCycle(starts, edges, outgoing, cut); cycle; ) {
    const place = cycle.findLastIndex((k) => isNeuron(edges[k]!.from));
    if (place < 0) loops.push(cycle.map((k) => edges[k]!.from));
    else delayed.add(cycle[place]!);
    cut.add(place < 0 ? cycle.at(-1)! : cycle[place]!);
    cycle = findCycle(starts, edges, outgoing, cut);
  }
  return { order: ordered(count, edges, cut, first, last), delayed, loops };
}

export interface OrderOptions {
  readonly isNeuron: (node: number) => boolean;
  /** The input and the output. */
  readonly first: number;
  readonly last: number;
  readonly known?: ReadonlySet<number>;
}

/** The edges of a cycle, from where the walk from the starts enters it; undefined where there is none. */
function findCycle(
  starts: readonly number[],
  edges: readonly Edge[],
  outgoing: readonly (readonly number[])[],
  cut: ReadonlySet<number>,
): number[] | undefined {
  const NEW = 0;
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(outgoing.length);
  for (const start of starts) {
    if (state[start] !== NEW) continue;
    state[start] = OPEN;
    const nodes = [start];
    /** The edge into each open node, and the next of its own edges to follow. */
    const path: number[] = [];
    const next = [0];
    while (nodes.length > 0) {
      const node = nodes.at(-1)!;
      const k = outgoing[node]![next[next.length - 1]!++];
      if (k === undefined) {
        state[node] = DONE;
        nodes.pop();
        next.pop();
        path.pop();
        continue;
      }
      if (cut.has(k)) continue;
      const { to } = edges[k]!;
      if (state[to] === OPEN) return [...path.slice(nodes.indexOf(to)), k];
      if (state[to] === DONE) continue;
      state[to] = OPEN;
      nodes.push(to);
      next.push(0);
      path.push(k);
    }
  }
  return undefined;
}

function ordered(
  count: number,
  edges: readonly Edge[],
  cut: ReadonlySet<number>,
  first: number,
  last: number,
): number[] {
  const rank = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  edges.forEach(({ to }, k) => {
    rank[to] = Math.min(rank[to]!, k);
  });
  rank[first] = -1;
  rank[last] = Number.POSITIVE_INFINITY;
  const waits = new Uint32Array(count);
  edges.forEach(({ to }, k) => {
    if (!cut.has(k)) waits[to]!++;
  });
  const ready = Array.from({ length: count }, (_, node) => node).filter((node) => waits[node] === 0);
  const order: number[] = [];
  while (ready.length > 0) {
    const before = (a: number, b: number): boolean =>
      a !== last && (b === last || rank[a]! < rank[b]! || (rank[a] === rank[b] && a < b));
    let best = 0;
    for (let k = 1; k < ready.length; k++) if (before(ready[k]!, ready[best]!)) best = k;
    const [node] = ready.splice(best, 1) as [number];
    order.push(node);
    edges.forEach(({ from, to }, k) => {
      if (from === node && !cut.has(k) && --waits[to]! === 0) ready.push(to);
    });
  }
  return order;
}
