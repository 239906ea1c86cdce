export function readDramsim3(
  text: string,
  requests: number,
  name: string,
): { cycles: number; resolution: number };
