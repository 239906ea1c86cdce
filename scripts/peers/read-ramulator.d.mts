export function readRamulator(text: string, name: string): { cycles: number; requests: number };
