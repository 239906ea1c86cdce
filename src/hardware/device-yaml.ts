import { InputError, type Place } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { loadNamedModel } from './load-named-model.ts';
import type { ModelPlaces } from './model-places.ts';
import type { ModelSource } from './model-source.ts';
import { isRecord, parseYamlTree, type YamlTree } from './yaml-document.ts';

/** Sections whose values can be changed one by one. */
const SECTIONS: ReadonlySet<string> = new Set(['organisation', 'on_die_ecc', 'timing', 'supply']);
/** What a device says of its energy belongs together: with `rails` of its own it takes none of it from its base. */
const OF_ENERGY: readonly string[] = [
  'rails',
  'other_currents',
  'energy_unknown',
  'energy_doubt',
  'io',
  'own_rails',
];

type Path = readonly PropertyKey[];
type Keys = Readonly<Record<string, unknown>>;

/**
 * Reads the YAML of a device. A file with `based_on: NAME` holds what differs from that device, which may itself be based on
 * another; docs/changing.md has the rules. The places of the result point into the file that gives the value. Throws
 * InputError for a base that is not one name or cannot be read, a device that is based on itself, and a source whose name stands for another
 * text in the base.
 */
export async function readDeviceYaml(name: string, models: ModelSource): Promise<YamlTree> {
  return readBased(name, models, []);
}

/** `derived`: the devices that are based on this one. */
async function readBased(name: string, models: ModelSource, derived: readonly string[]): Promise<YamlTree> {
  const own = parseYamlTree(await models.read('dram', name));
  const { data } = own;
  if (!isRecord(data) || !Object.hasOwn(data, 'based_on')) return own;
  const baseName = data['based_on'];
  const namedAt = own.place(['based_on']);
  if (typeof baseName !== 'string')
    throw new InputError('based_on is not the name of one device', {
      place: namedAt,
      remedy: 'write based_on: NAME; a device that is itself based on another takes from both',
    });
  if ([...derived, name].includes(baseName))
    throw new InputError(`${quoted(baseName)} is based on itself`, {
      place: namedAt,
      remedy: 'let it give all of its keys, or base it on another device',
    });
  const base = await loadNamedModel('base', namedAt, () => readBased(baseName, models, [...derived, name]));
  if (!isRecord(base.data)) throw new InputError(`${quoted(baseName)} holds no keys`, { place: namedAt });
  requireOwn(own, data);
  requireSameSources(own, data, base.data);
  return mergedTree(own, base, mergedKeys(data, base.data));
}

/** Throws InputError for a device without a name of its own, and for a changed value that does not say where it comes from. */
function requireOwn(tree: YamlTree, own: Keys): void {
  if (typeof own['name'] !== 'string')
    throw new InputError('a device that is based on another needs a name of its own', {
      place: tree.place(['based_on']),
      remedy: 'add name: NAME',
    });
  for (const section of SECTIONS) {
    const values = own[section];
    if (!isRecord(values) || Object.hasOwn(values, 'source')) continue;
    // The circuit curve is a file's name.
    for (const [key, value] of Object.entries(values))
      if (key !== 'curve' && !(isRecord(value) && Object.hasOwn(value, 'source')))
        throw new InputError(`${section}.${key} does not say where it comes from`, {
          place: tree.place([section, key]),
          remedy: 'write { value: ..., source: NAME }, where sources has that name',
        });
  }
}

/** A source that both files name must be the same one, or values of the base would seem to come from elsewhere. */
function requireSameSources(tree: YamlTree, own: Keys, base: Keys): void {
  const [mine, theirs] = [own['sources'], base['sources']];
  if (!isRecord(mine) || !isRecord(theirs)) return;
  for (const [source, text] of Object.entries(mine))
    if (Object.hasOwn(theirs, source) && theirs[source] !== text)
      throw new InputError(`the source ${quoted(source)} is another one in ${String(own['based_on'])}`, {
        place: tree.keyPlace(['sources'], source),
        remedy: 'give it another name',
      });
}

function mergedKeys(own: Keys, base: Keys): Keys {
  const inherited = Object.entries(base).filter(
    ([key]) => !(Object.hasOwn(own, 'rails') && OF_ENERGY.includes(key)),
  );
  const merged: Record<string, unknown> = Object.fromEntries(inherited);
  for (const [key, value] of Object.entries(own)) {
    const below = merged[key];
    // A section with a source of its own would lend it to the values of the base: it stands alone.
    const joins =
      key === 'sources' || (SECTIONS.has(key) && isRecord(value) && !Object.hasOwn(value, 'source'));
    merged[key] = joins && isRecord(value) && isRecord(below) ? { ...below, ...value } : value;
  }
  return merged;
}

function mergedTree(own: YamlTree, base: YamlTree, data: Keys): YamlTree {
  /** The file that gives what is at the path; what neither gives is missing in the device's own file. */
  const giverOf = (path: Path): YamlTree =>
    !isAt(own.data, path) && isAt(data, path) && isAt(base.data, path) ? base : own;
  return {
    data,
    place: (path): Place => giverOf(path).place(path),
    keyPlace: (path, key) => giverOf([...path, key]).keyPlace(path, key),
    places() {
      const inherited = Object.entries(base.places()).filter(([path]) => isAt(data, path.split('.')));
      const places: ModelPlaces = { ...Object.fromEntries(inherited), ...own.places() };
      return places;
    },
  };
}

/** Whether there is a value at the path. */
function isAt(data: unknown, path: Path): boolean {
  let node = data;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false;
    node = (node as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return true;
}
