import { log } from '../../elementary/logarithm.ts';
import type { Device } from '../device.ts';
import { loadDevice } from '../load-device.ts';
import type { ModelSource } from '../model-source.ts';
import { LASTING_TIMES, type Standard } from '../standard.ts';
import { assumed, type Draft, ORGANISATION_KEYS } from './draft.ts';

/** Rows a subarray that shipped devices state, too. */
const ROWS_PER_SUBARRAY = 512;

/** Commands that a replay issues only when it is told to: power-down, self-refresh, refresh of one bank. */
const OPTIONAL_COMMANDS: ReadonlySet<string> = new Set(['PDE', 'PDX', 'SRE', 'SRX', 'REFpb']);

/**
 * Adds what can be stated of numbers that the imported file does not give, each with the source "assumed" and a finding:
 * rows a subarray as shipped devices have them; the nominal supply as the only one; one precharge time for all banks
 * where there is one; times that only power-down, self-refresh, per-bank refresh or a second rank need, from the
 * shipped device of the standard with the nearest clock. Answers with the names of what is still missing.
 */
export async function completeDraft(draft: Draft, models: ModelSource): Promise<string[]> {
  const { organisation, timing, standard, findings, sources } = draft;
  sources['assumed'] = 'an assumption of sparkxd, for want of a number in the imported file';
  sources['derived'] = 'derived from other numbers of the imported file';
  addSubarrays(draft);

  const lacking = standard.parameters.filter((name) => timing[name] === undefined);
  const one = organisation.ranks?.text === '1';
  const reference = await nearestDevice(draft, models);
  for (const name of lacking) {
    if (name === 'tRPab' && timing['tRP'] !== undefined) {
      timing[name] = assumed(
        'tRP',
        'the file has one precharge time, which stands for all-bank precharge too',
      );
      findings.push({ kind: 'missing', what: 'tRPab: the file has one precharge time: written as tRP' });
      continue;
    }
    const why = harmless(standard, name, one);
    if (why === undefined || reference === undefined) continue;
    const text = referenceText(reference, name, draft);
    if (text === undefined) continue;
    timing[name] = assumed(text, `not in the file; ${reference.name} has it; ${why}`);
    findings.push({ kind: 'missing', what: `${name}: written as ${text}, of ${reference.name}: ${why}` });
  }
  addSupply(draft, reference);
  return [
    ...ORGANISATION_KEYS.filter((key) => key !== 'rows_per_subarray' && organisation[key] === undefined),
    ...(draft.clock === undefined ? ['clock'] : []),
    ...standard.parameters.filter((name) => timing[name] === undefined),
    ...(draft.supply.nominal === undefined ? ['supply.nominal'] : []),
  ];
}

function addSubarrays({ organisation, findings, sources }: Draft): void {
  if (organisation.rows_per_subarray !== undefined) return;
  const rows = Number(organisation.rows?.text);
  if (!(rows > 0) || rows % ROWS_PER_SUBARRAY !== 0) {
    findings.push({ kind: 'missing', what: 'rows_per_subarray: left out: a bank is one subarray' });
    return;
  }
  sources['literature'] =
    'rows a subarray as usual in the literature on subarrays (SALP, ISCA 2012, and later)';
  organisation.rows_per_subarray = {
    text: String(ROWS_PER_SUBARRAY),
    from: [],
    source: 'literature',
    note: 'from memory, not verified; 512 to 1024 in use',
  };
  findings.push({
    kind: 'missing',
    what: `rows_per_subarray: no format has it: written as ${ROWS_PER_SUBARRAY}, as shipped devices have it`,
  });
}

/** Without a circuit curve nothing is known below nominal supply, so that is the whole range. */
function addSupply(draft: Draft, reference: Device | undefined): void {
  const { supply, findings } = draft;
  if (supply.nominal === undefined && reference !== undefined) {
    supply.nominal = assumed(`${reference.supply.nominal} V`, `not in the file; ${reference.name} has it`);
    findings.push({
      kind: 'missing',
      what: `supply.nominal: written as ${reference.supply.nominal} V, of ${reference.name}`,
    });
  }
  if (supply.nominal === undefined) return;
  const before = [supply.min, supply.max];
  supply.min ??= assumed(supply.nominal.text, 'nominal: the file gives no range');
  supply.max ??= assumed(supply.nominal.text, 'nominal: the file gives no range');
  if (before.includes(undefined))
    findings.push({
      kind: 'missing',
      what: 'supply.min, supply.max, supply.curve: no format has them: nominal supply only, until you add them',
    });
}

/** Why a value of the parameter cannot change what a replay does by default; undefined where it can. */
function harmless(standard: Standard, name: string, oneRank: boolean): string | undefined {
  if (LASTING_TIMES.has(name) && name !== 'tRFCpb') return undefined;
  const uses = (formula: string): boolean => new RegExp(`\\b${name}\\b`).test(formula);
  const { firstData, autoPrecharge, refresh } = standard;
  const formulas = [
    firstData.read,
    firstData.write,
    autoPrecharge?.RDA,
    autoPrecharge?.WRA,
    refresh.perBankInterval,
  ];
  if (formulas.some((formula) => formula !== undefined && uses(formula))) return undefined;
  const rules = standard.constraints.filter(({ latency }) => uses(latency));
  if (rules.length === 0) return 'no rule of the standard uses it';
  const optional = (commands: readonly string[]): boolean =>
    commands.every((command) => OPTIONAL_COMMANDS.has(command));
  if (rules.every(({ preceding, following }) => optional(preceding) || optional(following)))
    return 'only power-down, self-refresh and per-bank refresh use it';
  if (oneRank && rules.every(({ sibling }) => sibling)) return 'only several ranks use it';
  return undefined;
}

/** The shipped device of the standard whose clock is nearest; undefined where none is shipped. */
async function nearestDevice({ standard, clock }: Draft, models: ModelSource): Promise<Device | undefined> {
  const names = await models.list('dram');
  const devices = await Promise.all(names.map((name) => loadDevice(name, models)));
  const own = Number.parseFloat(clock?.text ?? '');
  const distance = (device: Device): number => Math.abs(log(device.clock / own)) || 0;
  return devices
    .filter((device) => device.standard.name === standard.name)
    .reduce<Device | undefined>(
      (nearest, device) => (nearest === undefined || distance(device) < distance(nearest) ? device : nearest),
      undefined,
    );
}

/** The device's time; where it is written in cycles of another clock, neither its cycles nor its ns are undercut. */
function referenceText(device: Device, name: string, { clock }: Draft): string | undefined {
  const entry = device.provenance.find(({ path }) => path === `timing.${name}`);
  const ns = device.timing[name];
  if (entry === undefined || ns === undefined) return undefined;
  const refresh = device.timing['tRFCab'];
  // Self-refresh ends with a refresh, which lasts as long as the density makes it.
  if (name === 'tXS' && refresh !== undefined && ns > refresh)
    return `tRFCab + ${Number((ns - refresh).toPrecision(6))} ns`;
  if (!entry.text.includes('tCK')) return entry.text;
  const cycles = `${Number(((ns * device.clock) / 1000).toPrecision(9))} tCK`;
  if (clock !== undefined && Math.abs(Number.parseFloat(clock.text) / device.clock - 1) < 1e-3) return cycles;
  return `max(${cycles}, ${Number(ns.toPrecision(6))} ns)`;
}
