import type { Choice } from '../settings.ts';
import { percent, volts } from './format.ts';
import { IN_SIGHT, LABELS, NUMBERS } from './labels.ts';
import type { Model, State } from './model.ts';

interface Props {
  readonly state: State;
  readonly model: Model;
}

/** Volts between two places of the slider. */
const STEP = 0.005;

/** The supply voltage: a slider over what is known of the device, and the number itself. */
export function SupplySlider({ state, model }: Props) {
  const { view, texts } = state;
  if (view === undefined) return null;
  const { lowest, nominal } = view.range;
  const least = Number((Math.ceil(lowest / STEP - 1e-9) * STEP).toFixed(3));
  const value = Number(texts['supply'] ?? view.supply);
  const choose = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    if (currentTarget.value !== '') model.choose({ supply: volts(Number(currentTarget.value)) });
  };
  return (
    <div class="supply">
      <label for="supply">Supply voltage</label>
      <output for="supply">
        <strong>{value.toFixed(3)} V</strong> {percent(value / nominal)} of nominal
      </output>
      <input
        id="supply"
        type="range"
        min={least}
        max={nominal}
        step={STEP}
        value={value}
        aria-valuetext={`${value.toFixed(3)} volts`}
        onInput={choose}
      />
      <div class="ends" aria-hidden="true">
        <span>{volts(least)} V lowest known</span>
        <span>{volts(nominal)} V nominal</span>
      </div>
    </div>
  );
}

/** All other settings. */
export function Choosers({ state, model }: Props) {
  const { offers } = state;
  if (offers === undefined) return null;
  const all = offers.choices.filter(({ name }) => name !== 'supply');
  const inSight = IN_SIGHT.map((name) => all.find((choice) => choice.name === name)!);
  const others = all.filter(({ name }) => !IN_SIGHT.includes(name));
  const chooser = (choice: Choice) => (
    <Chooser key={choice.name} choice={choice} state={state} model={model} />
  );
  return (
    <div class="choosers">
      {inSight.map(chooser)}
      <details>
        <summary>More settings</summary>
        <div class="choosers">{others.map(chooser)}</div>
      </details>
    </div>
  );
}

function Chooser({ choice, state, model }: Props & { readonly choice: Choice }) {
  const { name, help } = choice;
  const options = optionsOf(choice, state);
  const text = state.texts[name] ?? choice.default ?? '';
  const id = `set-${name}`;
  if (options.length <= 1 && !NUMBERS.includes(name)) return null;
  const choose = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLSelectElement }): void =>
    model.choose(changesFor(name, currentTarget.value, choice));
  return (
    <div class="chooser">
      <label for={id}>{LABELS[name] ?? name}</label>
      {NUMBERS.includes(name) ? (
        <input
          id={id}
          title={help}
          type="number"
          value={text}
          {...(name === 'temperature' ? {} : { min: 1, step: 1 })}
          onChange={choose}
        />
      ) : (
        <select id={id} title={help} value={text} onChange={choose}>
          {options.map((option) => (
            <option key={option} value={option} selected={option === text}>
              {option === '' ? (NONE[name] ?? 'default') : option}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

const NONE: Readonly<Record<string, string>> = {
  profile: 'default of the device',
  curve: 'that of the device',
  'weak-cells': 'none: generated chips',
};

/** What a setting can be: its words, shipped names, files that were dropped, and what the address says. */
function optionsOf({ name, words, default: first }: Choice, { offers, dropped, texts }: State): string[] {
  const own = dropped.flatMap(({ name: file, file: found }) =>
    'setting' in found && found.setting === name ? [file] : [],
  );
  const none = first === undefined ? [''] : [];
  const asked = texts[name] === undefined ? [] : [texts[name]];
  return [...new Set([...none, ...(words ?? offers?.shipped[name] ?? []), ...own, ...asked])];
}

/** What changes with a setting: another device has another supply, and a network its own images. */
function changesFor(
  name: string,
  text: string,
  { default: first }: Choice,
): Record<string, string | undefined> {
  const changes = { [name]: text === '' || text === first ? undefined : text };
  if (name === 'device') return { ...changes, supply: undefined };
  if (name === 'weights' && /-(fashion-)?mnist$/.test(text))
    return { ...changes, dataset: text.endsWith('-fashion-mnist') ? 'fashion-mnist' : undefined };
  return changes;
}
