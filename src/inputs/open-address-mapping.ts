import type { AddressMapping } from '../dram/address.ts';
import { addressOrder, createOrderedMapping } from '../dram/address-mapping.ts';
import { readText } from '../files/read-file.ts';
import type { Organisation } from '../hardware/device.ts';
import type { NoteInput } from './recorder.ts';

/** Whether a name is that of a file, not of an order. */
export const isMappingFile = (name: string): boolean => /[/\\]|.\.(yaml|yml|json|map)$/.test(name);

/**
 * The mapping that a name stands for: an order (row-bank-column, RoBaRaCoCh) or a file of any known form. Throws
 * InputError for an unknown order, an unreadable file, and a mapping that does not fit the device.
 */
export async function openAddressMapping(
  name: string,
  organisation: Organisation,
  note: NoteInput = () => {},
): Promise<AddressMapping> {
  if (!isMappingFile(name)) return createOrderedMapping(organisation, addressOrder(name, organisation));
  const text = await readText(name, { what: 'cannot read the address mapping', limit: 2 ** 20 });
  note('address_mapping', name, text);
  const { readAddressMapping } = await import('../dram/address-mapping-file.ts');
  return readAddressMapping({ text, file: name }, organisation);
}
