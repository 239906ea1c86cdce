import type { RunRow } from '../../results/tables.ts';
import type {
  AccuracyView,
  CellsView,
  CurvePoint,
  DroppedFile,
  FieldsView,
  FromModel,
  Offers,
  PointView,
  ToModel,
} from '../messages.ts';
import type { SettingTexts } from '../settings.ts';

/** A supply that was looked at, and what was found there. */
export interface Visited {
  readonly supply: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** All that the page shows. */
export interface State {
  /** Settings as they were asked for. */
  readonly texts: SettingTexts;
  readonly offers?: Offers;
  readonly view?: PointView;
  readonly cells?: CellsView;
  readonly fields?: FieldsView;
  readonly curve: readonly CurvePoint[];
  readonly accuracy?: AccuracyView;
  /** Supplies looked at under the settings that are chosen. */
  readonly visited: readonly Visited[];
  readonly message?: string;
  /** Files that were dropped, by name; the latest last. */
  readonly dropped: readonly { readonly name: string; readonly file: DroppedFile }[];
  /** Whether an answer to the latest settings is still on its way. */
  readonly waits: boolean;
  /** Time from the latest change of the settings to its charts, ms. */
  readonly took?: number;
}

/** The row of `results.csv` of the point that is shown, once all images are. */
export const rowOfState = ({ accuracy }: State): RunRow | undefined => accuracy?.row;

/** What the page can do. */
export interface Model {
  subscribe(listener: (state: State) => void): void;
  /** Changes settings; undefined takes a setting's default. */
  choose(changes: Readonly<Record<string, string | undefined>>): void;
  drop(name: string, bytes: Uint8Array<ArrayBuffer>): void;
}

export function createModel(worker: Worker, first: SettingTexts, onChosen: (texts: SettingTexts) => void): Model {
  let state: State = { texts: first, curve: [], visited: [], dropped: [], waits: true };
  let listener = (_: State): void => {};
  let latest = 0;
  let asked = performance.now();
  /** All settings but the supply, of the points that were visited. */
  let visitedUnder = '';

  const set = (changes: Partial<State>): void => {
    state = { ...state, ...changes };
    listener(state);
  };
  const send = (message: ToModel, transfer: Transferable[] = []): void => worker.postMessage(message, { transfer });
  const ask = (texts: SettingTexts): void => {
    asked = performance.now();
    set({ texts, waits: true });
    send({ kind: 'settings', id: ++latest, texts });
  };

  worker.addEventListener('message', ({ data }: MessageEvent<FromModel>) => {
    if (data.kind === 'offers') return set({ offers: data.offers });
    if (data.kind === 'dropped') {
      set({ dropped: [...state.dropped.filter(({ name }) => name !== data.name), data] });
      if ('texts' in data.file) model.choose(data.file.texts);
      return;
    }
    if (data.id !== latest) return;
    take(data);
  });
  worker.addEventListener('error', ({ message }) => set({ message, waits: false }));

  function take(answer: Extract<FromModel, { id: number }>): void {
    if (answer.kind === 'failed') return set({ message: answer.message, waits: false });
    if (answer.kind === 'cells') return set({ cells: answer.cells });
    if (answer.kind === 'fields') return set({ fields: answer.fields });
    if (answer.kind === 'curve') return set({ curve: answer.curve });
    if (answer.kind === 'view') {
      const { supply: _, ...others } = answer.view.texts;
      const under = JSON.stringify(others);
      const { message: _message, accuracy: _accuracy, ...kept } = state;
      state = { ...kept, ...(under === visitedUnder ? {} : { visited: [], curve: [] }) };
      visitedUnder = under;
      set({ view: answer.view, texts: answer.view.texts, took: performance.now() - asked });
      onChosen(answer.view.texts);
      return;
    }
    const { accuracy } = answer;
    const { read } = accuracy;
    const { supply } = state.view!;
    const done = read.images === accuracy.images;
    const point = { supply, accuracy: read.accuracy, low: read.low, high: read.high };
    set({
      accuracy,
      waits: !done,
      visited: [...state.visited.filter((other) => other.supply !== supply), point],
    });
  }

  const model: Model = {
    subscribe(to) {
      listener = to;
      to(state);
    },
    choose(changes) {
      const texts = Object.fromEntries(
        Object.entries({ ...state.texts, ...changes }).filter(
          (entry): entry is [string, string] => entry[1] !== undefined,
        ),
      );
      ask(texts);
    },
    drop: (name, bytes) => send({ kind: 'file', name, bytes }, [bytes.buffer]),
  };
  ask(first);
  return model;
}
