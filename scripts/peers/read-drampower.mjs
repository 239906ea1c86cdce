// The core energies of DRAMPower 5 and 6: its JSON output (-j), or what it prints. Names after
// src/DRAMPower/DRAMPower/data/energy.{h,cpp} and src/cli/lib/DRAMPower/cli/run.cpp.
import { PeerOutputError, parseJson } from './peer-output.mjs';

/** Lines of a bank. PRE_RDA and PRE_WRA repeat what PRE holds; REF_DB came later. */
const BANK = [
  'ACT',
  'PRE',
  'BG_ACT',
  'BG_PRE',
  'RD',
  'WR',
  'RDA',
  'WRA',
  'REF_AB',
  'REF_PB',
  'REF_SB',
  'REF_2B',
];
const LATER = ['REF_DB'];
/** Energies of a rank. */
const SHARED = ['E_bg_act_shared', 'E_PDNA', 'E_PDNP', 'E_sref', 'E_dsm', 'E_refab'];

function number(from, key, name) {
  const value = from?.[key];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new PeerOutputError(`${name}: ${key} is no number`);
  return value;
}

/** The sums over all banks, with the shared active background in BG_ACT, as DRAMPower itself prints them. */
function fromJson(text, name) {
  const core = parseJson(text, name).CoreEnergy;
  if (!Array.isArray(core?.BankEnergy))
    throw new PeerOutputError(`${name}: CoreEnergy.BankEnergy is no list`);
  const shared = Object.fromEntries(SHARED.map((key) => [key, number(core, key, name)]));
  const banks = Object.fromEntries([...BANK, ...LATER].map((key) => [key, 0]));
  for (const bank of core.BankEnergy) {
    for (const key of BANK) banks[key] += number(bank, key, name);
    for (const key of LATER) if (bank[key] !== undefined) banks[key] += number(bank, key, name);
  }
  banks.BG_ACT += shared.E_bg_act_shared;
  return { banks, shared };
}

/** Only three digits are printed. */
function fromPrint(text, name) {
  const line = (start) => {
    const found = text.split('\n').find((one) => one.startsWith(start));
    if (found === undefined) throw new PeerOutputError(`${name}: no line "${start}..."`);
    const pairs = [...found.slice(start.length).matchAll(/(\w+): (\S+)/g)];
    return Object.fromEntries(pairs.map(([, key, value]) => [key, Number(value)]));
  };
  const banks = line('Cumulated bank energy with bg_act_shared -> ');
  const shared = line('Shared energy -> ');
  for (const key of BANK) number(banks, key, name);
  for (const key of SHARED) number(shared, key, name);
  return { banks: { REF_DB: 0, ...banks }, shared };
}

/**
 * @param text of the file
 * @param name of the file, for messages
 * @returns pJ by term; power-down and self-refresh are one, because DRAMPower books the refresh of an entry as REF_AB
 * @throws {PeerOutputError} if a term is missing
 */
export function readDrampower(text, name) {
  const { banks, shared } = text.trimStart().startsWith('{') ? fromJson(text, name) : fromPrint(text, name);
  const pJ = (...energies) => energies.reduce((sum, energy) => sum + energy, 0) * 1e12;
  return {
    act: pJ(banks.ACT),
    pre: pJ(banks.PRE),
    rd: pJ(banks.RD, banks.RDA),
    wr: pJ(banks.WR, banks.WRA),
    ref: pJ(banks.REF_AB, banks.REF_PB, banks.REF_SB, banks.REF_2B, banks.REF_DB, shared.E_refab),
    activeBackground: pJ(banks.BG_ACT),
    prechargedBackground: pJ(banks.BG_PRE),
    asleep: pJ(shared.E_PDNA, shared.E_PDNP, shared.E_sref, shared.E_dsm),
  };
}
