import { ENDING, SHIPPED_FOLDER, shippedName } from '../../inputs/shipped-network.ts';
import { asset, assetNames } from './assets.ts';
import { keepFile, ownFile } from './own-files.ts';

/** What stands for inputs/locate-network.ts in a browser: a shipped network is fetched, and is a file from then on. */
type Locating = typeof import('../../inputs/locate-network.ts');

export const locate: Locating['locate'] = async (nameOrFile) => {
  if (ownFile(nameOrFile) !== undefined) return nameOrFile;
  const file = `${SHIPPED_FOLDER}/${shippedName(nameOrFile, await shippedNetworks())}${ENDING}`;
  if (ownFile(file) === undefined) keepFile(file, await asset(file));
  return file;
};

export const shippedNetworks: Locating['shippedNetworks'] = async () => assetNames(SHIPPED_FOLDER, ENDING);
