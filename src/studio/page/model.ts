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
  /** The same to the first figure of the accuracy, ms. */
  readonly firstAccuracy?: number;
}

/** What the page can do. */
export interface Model {
  subscribe(listener: (state: State) => void): void;
  /** Changes settings; undefined takes a setting's default. */
  choose(changes: Readonly<Record<string, string | undefined>>): void;
  /** Goes to settings of a link: all that it leaves out have their defaults. */
  goTo(texts: SettingTexts): void;
  drop(name: string, bytes: Uint8Array<ArrayBuffer>): void;
}

export function createModel(
  worker: Worker,
  first: SettingTexts,
  onChosen: (texts: SettingTexts) => void,
): Model {
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
  const send = (message: ToModel, transfer: Transferable[] = []): void =>
    worker.postMessage(message, { transfer });
  const ask = (texts: SettingTexts): void => {
    asked = performance.now();
    set({ texts, waits: true });
    send({ kind: 'settings', id: ++latest, texts });
  };

  worker.addEventListener('message', ({ data }: MessageEvent<FromModel>) => {
    if (data.kind === 'offers') set({ offers: data.offers });
    else if (data.kind === 'dropped') {
      set({ dropped: [...state.dropped.filter(({ name }) => name !== data.name), data] });
      // A device of the user's own has supplies of its own.
      if ('texts' in data.file)
        model.choose({
          ...(data.file.setting === 'device' ? { supply: undefined } : {}),
          ...data.file.texts,
        });
    } else if (data.id === latest) take(data);
  });
  worker.addEventListener('error', ({ message }) => set({ message, waits: false }));

  function take(answer: Extract<FromModel, { id: number }>): void {
    switch (answer.kind) {
      case 'failed':
        set({ message: answer.message, waits: false });
        break;
      case 'cells':
        set({ cells: answer.cells });
        break;
      case 'fields':
        set({ fields: answer.fields });
        break;
      case 'curve':
        set({ curve: answer.curve });
        break;
      case 'view':
        takeView(answer.view);
        break;
      case 'accuracy':
        takeAccuracy(answer.accuracy);
    }
  }

  function takeView(view: PointView): void {
    const { supply: _, ...others } = view.texts;
    const under = JSON.stringify(others);
    const { message: _message, accuracy: _accuracy, ...kept } = state;
    state = { ...kept, ...(under === visitedUnder ? {} : { visited: [], curve: [] }) };
    visitedUnder = under;
    set({ view, texts: view.texts, took: performance.now() - asked });
    onChosen(view.texts);
  }

  function takeAccuracy(accuracy: AccuracyView): void {
    const { read } = accuracy;
    const { supply } = state.view!;
    const point = { supply, accuracy: read.accuracy, low: read.low, high: read.high };
    const first = state.accuracy === undefined ? { firstAccuracy: performance.now() - asked } : {};
    set({
      ...first,
      accuracy,
      waits: read.images < accuracy.images,
      visited: [...state.visited.filter((other) => other.supply !== supply), point],
    });
  }

  const model: Model = {
    subscribe(to) {
      listener = to;
      to(state);
    },
    choose(changes) {
      // What a link asked for and does not exist could not be taken back by any control.
      const names = state.offers && new Set(state.offers.choices.map(({ name }) => name));
      const texts = Object.fromEntries(
        Object.entries({ ...state.texts, ...changes }).filter(
          (entry): entry is [string, string] =>
            entry[1] !== undefined && (names === undefined || names.has(entry[0])),
        ),
      );
      ask(texts);
    },
    goTo: ask,
    drop: (name, bytes) => send({ kind: 'file', name, bytes }, [bytes.buffer]),
  };
  ask(first);
  return model;
}
