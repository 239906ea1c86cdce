export const REQUEST_BYTES: number;
export interface RequestStream {
  readonly name: string;
  readonly requests: number;
  readonly says: string;
  generate(): Generator<[address: number, write: boolean]>;
}
export const STREAMS: readonly RequestStream[];
export interface Requests {
  readonly addresses: Float64Array;
  readonly writes: Uint8Array;
}
export function requestsOf(stream: RequestStream, limit?: number): Requests;
