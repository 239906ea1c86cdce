// What Ramulator 2.1 counted: `simulation.stats` as JSON (of ramulator/MACHINE.py), or its printed or YAML form.
// Names after src/ramulator/controller/controller_base.cpp, setup_base, and base.h, collect_stats.
import { PeerOutputError, parseJson } from './peer-output.mjs';

/** A counter in YAML ("cycles: 81393") or as its examples print it ("Controller cycles:     81393"). */
function printed(text, names, name) {
  const pattern = new RegExp(`^\\s*(?:${names.join('|')}):\\s+(\\d+)\\s*$`, 'm');
  const found = pattern.exec(text);
  if (!found) throw new PeerOutputError(`${name}: no line "${names[0]}: NUMBER"`);
  return Number(found[1]);
}

/**
 * @param text of the file
 * @param name of the file, for messages
 * @returns {{ cycles: number, requests: number }} cycles of the controller until the last request had entered a queue (Ramulator
 *   stops there), and requests that entered
 * @throws {PeerOutputError} if there is no such number, or more than one channel
 */
export function readRamulator(text, name) {
  if (!text.trimStart().startsWith('{')) {
    const of = (...names) => printed(text, names, name);
    return {
      cycles: of('cycles', 'Controller cycles'),
      requests: of('num_read_reqs', 'Read requests') + of('num_write_reqs', 'Write requests'),
    };
  }
  const controller = parseJson(text, name).memory_system?.controller;
  if (Array.isArray(controller))
    throw new PeerOutputError(`${name}: ${controller.length} channels, where one is compared`);
  const of = (key) => {
    const value = controller?.[key];
    if (!Number.isInteger(value))
      throw new PeerOutputError(`${name}: memory_system.controller.${key} is no whole number`);
    return value;
  };
  return { cycles: of('cycles'), requests: of('num_read_reqs') + of('num_write_reqs') };
}
