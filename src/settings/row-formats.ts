/** Forms of a results file: RFC 4180, one JSON object a line, Apache Parquet. */
export const ROW_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];
