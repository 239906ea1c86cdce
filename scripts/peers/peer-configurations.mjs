// What Ramulator 2.1 and DRAMsim3 are told of a machine (machines.mjs).

/** The schedulers of Ramulator 2.1 that are compared: the name in its Python, by the name in our files and table. */
export const SCHEDULERS = { frfcfs: 'FRFCFS', 'frfcfs-rowhit': 'FRFCFSRowHit' };

/**
 * A script of Ramulator 2.1, which has no configuration file of its own. Its names are those of python/ramulator/.
 *
 *     python3 ddr4-2400.py TRACE SCHEDULER RESULT.json [vectors]
 */
export function ramulatorScript({ ramulator, devices, deviceWidth }) {
  const overrides = { rank: 1, channel_width: devices * deviceWidth, ...ramulator.overrides };
  const given = Object.entries(overrides).map(([name, value]) => `    ${name}=${value},\n`);
  return `# Written by scripts/peers/streams.mjs for Ramulator 2.1.
import json
import sys

import ramulator

trace, scheduler, result = sys.argv[1:4]
vectors = sys.argv[4:] == ["vectors"]

frontend = ramulator.frontend.ReadWriteTrace if vectors else ramulator.frontend.LoadStoreTrace
mapper = ramulator.addr_mapper.PassThroughAddrMapper if vectors else ramulator.addr_mapper.RoBaRaCoCh
channels = ramulator.channel_mapper.PassThroughChannelMapper if vectors else ramulator.channel_mapper.CacheLineInterleave

dram = ramulator.dram.${ramulator.standard}(
    org_preset="${ramulator.organisation}",
    timing_preset="${ramulator.timing}",
${given.join('')})
controller = ramulator.controller.${ramulator.controller}(
    dram=dram,
    read_buffer_size=32,
    write_buffer_size=32,
    scheduler=getattr(ramulator.scheduler, scheduler)(),
    refresh_manager=ramulator.refresh_manager.AllBank(),
    row_policy=ramulator.row_policy.Open(),
    addr_mapper=mapper(),
)
memory = ramulator.memory_system.GenericDRAM(clock_ratio=1, controllers=[controller], channel_mapper=channels())
simulation = ramulator.Simulation(frontend(clock_ratio=1, path=trace), memory)
simulation.run()
with open(result, "w") as file:
    json.dump(simulation.stats, file)
`;
}

/** Cycles after which DRAMsim3 writes what was done in them: how finely the end of a stream is known. */
export const EPOCH = 1000;

/** A configuration of DRAMsim3; currents are left at its defaults, so its energies mean nothing. */
export function dramsim3Configuration(machine) {
  const { protocol, tCK, timing } = machine.dramsim3;
  const { bankGroups, banksPerGroup, rows, columns, deviceWidth, burstLength } = machine;
  const rankBytes = (bankGroups * banksPerGroup * rows * columns * deviceWidth * machine.devices) / 8;
  const section = (name, values) =>
    `[${name}]\n${Object.entries(values)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`;
  return [
    '; Written by scripts/peers/streams.mjs for DRAMsim3.\n',
    section('dram_structure', {
      protocol,
      bankgroups: bankGroups,
      banks_per_group: banksPerGroup,
      rows,
      columns,
      device_width: deviceWidth,
      BL: burstLength,
    }),
    section('timing', { tCK, AL: 0, ...timing }),
    section('system', {
      channel_size: rankBytes / 2 ** 20,
      channels: 1,
      bus_width: machine.devices * deviceWidth,
      address_mapping: 'rochrababgco',
      queue_structure: 'PER_BANK',
      refresh_policy: 'RANK_LEVEL_STAGGERED',
      row_buf_policy: 'OPEN_PAGE',
      cmd_queue_size: 8,
      trans_queue_size: 32,
    }),
    section('other', { epoch_period: EPOCH, output_level: 1 }),
  ].join('\n');
}
