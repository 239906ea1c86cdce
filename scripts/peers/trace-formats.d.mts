import type { Machine } from './machines.mjs';
import type { Requests } from './request-streams.mjs';

export function loadStoreTrace(requests: Requests): string;
export function readLoadStoreTrace(text: string): Requests;
export function readWriteTrace(requests: Requests, machine: Machine): string;
export function dramsim3Trace(requests: Requests): string;
export function accessTrace(requests: Requests, bytes?: number): string;
