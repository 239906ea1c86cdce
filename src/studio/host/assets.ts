/** Files beside the page, by their names in the package: where each can be fetched. */
const assets: Readonly<Record<string, string>> = {
  ...import.meta.glob<string>('../../../hw-models/*/*.yaml', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>('../../../networks/*.safetensors', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>('../../../dist/hw-models/*/*.json', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>('../../../dist/studio-images/*', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
};

const PACKAGE = '../../../';

/** Names of the assets of a folder with an ending, without both, sorted. */
export const assetNames = (folder: string, ending: string): string[] =>
  Object.keys(assets)
    .filter((path) => path.startsWith(`${PACKAGE}${folder}/`) && path.endsWith(ending))
    .map((path) => path.slice(PACKAGE.length + folder.length + 1, path.length - ending.length))
    .sort();

const fetched = new Map<string, Promise<Uint8Array>>();

/** The bytes of a file of the package, fetched once. Throws Error where it is not beside the page or does not come. */
export function asset(name: string): Promise<Uint8Array> {
  const known = fetched.get(name);
  if (known) return known;
  const coming = fetchAsset(name);
  fetched.set(name, coming);
  // A fetch that failed is tried again when it is needed again.
  coming.catch(() => fetched.delete(name));
  return coming;
}

async function fetchAsset(name: string): Promise<Uint8Array> {
  const url = assets[`${PACKAGE}${name}`];
  if (url === undefined) throw new Error(`${name} is not among the files of the page`);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot fetch ${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The same as text. */
export const assetText = async (name: string): Promise<string> => new TextDecoder().decode(await asset(name));
