import type { Machine } from './machines.mjs';

export const SCHEDULERS: Readonly<Record<string, string>>;
export function ramulatorScript(machine: Machine): string;
export const EPOCH: number;
export function dramsim3Configuration(machine: Machine): string;
