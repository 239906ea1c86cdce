import { banksPerRank, burstsPerRow, type Organisation } from '../hardware/device.ts';
import { RANK_COMMANDS } from '../hardware/dram-command.ts';
import type { CommaFields } from './comma-fields.ts';
import type { CommandLineReader } from './command-trace-format.ts';

/** Positions of the fields that say where a command goes; what a format does not say is 0. */
export interface PlaceFields {
  readonly rank?: number | undefined;
  readonly bankGroup?: number | undefined;
  readonly bank: number;
  readonly row?: number | undefined;
  readonly column?: number | undefined;
  /** What the column counts: whole bursts, or columns of the device, of which a burst takes several. */
  readonly columnUnit: 'bursts' | 'columns';
  /** Whether the bank counts through the rank, rather than through its bank group. */
  readonly bankInRank: boolean;
}

/**
 * Reads commands of formats in which every line has all fields. Fields that do not belong to the command are not looked
 * at. Throws InputError for a place that the device does not have.
 */
export function placeReader(places: PlaceFields, organisation: Organisation): CommandLineReader['command'] {
  const { ranks, bankGroups, banksPerGroup, rows, burstLength } = organisation;
  const banks = banksPerRank(organisation);
  const columnsOfBurst = places.columnUnit === 'bursts' ? 1 : burstLength;
  const columns = burstsPerRow(organisation) * columnsOfBurst;

  const member = (fields: CommaFields, at: number | undefined, what: string, count: number): number =>
    at === undefined ? 0 : fields.member(at, what, count);

  function bankOf(fields: CommaFields): number {
    const group = member(fields, places.bankGroup, 'bank group', bankGroups);
    if (!places.bankInRank) return group * banksPerGroup + fields.member(places.bank, 'bank', banksPerGroup);
    const bank = fields.member(places.bank, 'bank', banks);
    const itsGroup = Math.floor(bank / banksPerGroup);
    if (places.bankGroup !== undefined && itsGroup !== group)
      throw fields.fault(
        places.bank,
        `bank ${bank} of the rank lies in bank group ${itsGroup}, not ${group}`,
        'DRAMPower counts banks through the rank',
      );
    return bank;
  }

  /**
   * The row that a PRE closes. It only counts where subarrays are used apart; other programs write there what they like, so
   * anything that is no row of the device is 0.
   */
  function closedRow(fields: CommaFields): number {
    const digits = places.row === undefined ? '' : fields.text(places.row);
    const row = /^\d{1,9}$/.test(digits) ? Number(digits) : 0;
    return row < rows ? row : 0;
  }

  return (fields, cycle, command) => {
    const line = fields.line();
    const rank = member(fields, places.rank, 'rank', ranks);
    if (RANK_COMMANDS.has(command)) return { cycle, command, rank, bank: -1, row: 0, column: 0, line };
    const bank = bankOf(fields);
    if (command === 'REFpb') return { cycle, command, rank, bank, row: 0, column: 0, line };
    if (command === 'PRE') return { cycle, command, rank, bank, row: closedRow(fields), column: 0, line };
    const row = member(fields, places.row, 'row', rows);
    const column = command === 'ACT' ? 0 : member(fields, places.column, 'column', columns);
    return { cycle, command, rank, bank, row, column: Math.floor(column / columnsOfBurst), line };
  };
}
