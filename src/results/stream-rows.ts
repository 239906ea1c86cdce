import type { ByteWriter as ParquetBytes, ParquetWriter } from 'hyparquet-writer';
import { createPartFile, type PartFile } from '../files/write-file.ts';
import type { Cell } from './column.ts';
import { COLUMNS } from './columns.ts';
import type { Table } from './tables.ts';

/** A table that is written row by row, whole or not at all. Cells are numbers, or text without commas, quotes and line ends. */
export interface RowStream {
  put(cells: readonly Cell[]): void;
  end(): void;
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

/** Rows that are written at once. */
const ROWS_AT_ONCE = 50_000;

/**
 * Begins a file of a table: Parquet if its name ends in `.parquet`, else CSV (gzip if it ends in `.gz`). The memory that it
 * takes does not grow with the rows. Throws InputError when the place cannot be written.
 */
export async function createRowStream(file: string, table: Table): Promise<RowStream> {
  const writer = file.endsWith('.parquet') ? await parquetRows(table) : csvRows(table);
  const part = createPartFile(file, 'the rows');
  let rows: (readonly Cell[])[] = [];
  const flush = (): void => {
    writer.write(part, rows);
    rows = [];
  };
  return {
    put(cells) {
      rows.push(cells);
      if (rows.length === ROWS_AT_ONCE) flush();
    },
    end() {
      flush();
      writer.finish(part);
      part.end();
    },
    abandon: part.abandon,
  };
}

interface RowWriter {
  write(part: PartFile, rows: readonly (readonly Cell[])[]): void;
  finish(part: PartFile): void;
}

function csvRows({ columns }: Table): RowWriter {
  const encoder = new TextEncoder();
  let head = `${columns.join(',')}\r\n`;
  return {
    write(part, rows) {
      const lines = rows.map((cells) => `${cells.map((cell) => cell ?? '').join(',')}\r\n`);
      part.put(encoder.encode(head + lines.join('')));
      head = '';
    },
    finish() {},
  };
}

async function parquetRows({ columns }: Table): Promise<RowWriter> {
  const library = await import('hyparquet-writer');
  const type = (name: (typeof columns)[number]): 'DOUBLE' | 'STRING' =>
    COLUMNS[name].type === 'number' ? 'DOUBLE' : 'STRING';
  const columnData = (rows: readonly (readonly Cell[])[]) =>
    columns.map((name, i) => ({
      name,
      type: type(name),
      data: rows.map((cells) => cells[i] ?? null),
      nullable: true,
    }));
  const bytes: ParquetBytes = new library.ByteWriter();
  const writer: ParquetWriter = new library.ParquetWriter({
    writer: bytes,
    schema: library.schemaFromColumnData({ columnData: columnData([]) }),
    kvMetadata: [
      {
        key: 'units',
        value: JSON.stringify(Object.fromEntries(columns.map((name) => [name, COLUMNS[name].unit]))),
      },
    ],
    createdBy: 'sparkxd',
  });
  const send = (part: PartFile): void => {
    part.put(new Uint8Array(bytes.buffer, 0, bytes.index).slice());
    bytes.index = 0;
  };
  return {
    write(part, rows) {
      if (rows.length === 0) return;
      writer.write({ columnData: columnData(rows), rowGroupSize: rows.length });
      send(part);
    },
    finish(part) {
      writer.finish();
      send(part);
    },
  };
}
