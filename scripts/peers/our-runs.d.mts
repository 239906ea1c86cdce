import type { Die, Machine } from './machines.mjs';
import type { CoreEnergies } from './read-drampower.mjs';
import type { Requests } from './request-streams.mjs';

export function writeDevice(folder: string, machine: Machine): string;
export function cyclesOf(folder: string, stream: string, deviceFile: string): number;
export function writeCommands(folder: string, stream: string, requests: Requests, die: Die): string;
export function energiesOf(commands: string, die: Die): CoreEnergies;
