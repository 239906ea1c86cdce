// The machines that are compared: one channel, one rank, queues of 32, open pages, first ready first come first served,
// addresses in the order row, bank, bank group, rank, column (Ramulator's RoBaRaCoCh). Requests are single bursts of 64 bytes.

/**
 * Counts are those of one device; times are cycles of the command clock, those of the shipped device file
 * (test/peers.test.ts compares them). `ramulator` names the presets of Ramulator 2.1 and the times in which they
 * differ from the device. DRAMsim3 has no LPDDR5.
 */
export const MACHINES = [
  {
    name: 'ddr3-1600',
    device: 'ddr3l-1600-4gb',
    devices: 8,
    deviceWidth: 8,
    bankGroups: 1,
    banksPerGroup: 8,
    rows: 65536,
    columns: 1024,
    burstLength: 8,
    ramulator: {
      standard: 'DDR3',
      controller: 'GenericDDR',
      organisation: 'DDR3_4Gb_x8',
      timing: 'DDR3_1600K',
      overrides: { nRFC: 208, nREFI: 6240 },
    },
    dramsim3: {
      protocol: 'DDR3',
      // DRAMsim3 writes tCK in ns.
      tCK: 1.25,
      timing: {
        CL: 11,
        CWL: 8,
        tRCD: 11,
        tRP: 11,
        tRAS: 28,
        tRFC: 208,
        tREFI: 6240,
        tRRD_S: 5,
        tRRD_L: 5,
        tWTR_S: 6,
        tWTR_L: 6,
        tFAW: 24,
        tWR: 12,
        tRTP: 6,
        tCCD_S: 4,
        tCCD_L: 4,
        tCKE: 4,
        tCKESR: 5,
        tXS: 216,
        tXP: 5,
        tRTRS: 1,
      },
    },
  },
  {
    name: 'ddr4-2400',
    device: 'ddr4-2400-4gb',
    devices: 8,
    deviceWidth: 8,
    bankGroups: 4,
    banksPerGroup: 4,
    rows: 32768,
    columns: 1024,
    burstLength: 8,
    ramulator: {
      standard: 'DDR4',
      controller: 'GenericDDR',
      organisation: 'DDR4_4Gb_x8',
      timing: 'DDR4_2400R',
      overrides: { nCWL: 16, nRTP: 12, nRFC: 313, nREFI: 4680 },
    },
    dramsim3: {
      protocol: 'DDR4',
      tCK: 0.8333333333,
      timing: {
        CL: 16,
        CWL: 16,
        tRCD: 16,
        tRP: 16,
        tRAS: 39,
        tRFC: 313,
        tREFI: 4680,
        tRRD_S: 4,
        tRRD_L: 6,
        tWTR_S: 3,
        tWTR_L: 9,
        tFAW: 26,
        tWR: 18,
        tRTP: 12,
        tCCD_S: 4,
        tCCD_L: 6,
        tCKE: 6,
        tCKESR: 7,
        tXS: 324,
        tXP: 8,
        tRTRS: 1,
      },
    },
  },
  {
    // A burst of LPDDR5 is 16 transfers, so 64 bytes are two x16 devices: 32 bits.
    name: 'lpddr5-6400',
    device: 'lpddr5-6400',
    devices: 2,
    deviceWidth: 16,
    bankGroups: 4,
    banksPerGroup: 4,
    rows: 32768,
    columns: 1024,
    burstLength: 16,
    ramulator: {
      standard: 'LPDDR5',
      controller: 'LPDDR5',
      organisation: 'LPDDR5_8Gb_x16',
      timing: 'LPDDR5_6400',
      overrides: {},
    },
  },
];

/** Dies whose energy DRAMPower 6 reckons, too: one device, with the memory specification that says the same to it. */
export const DIES = [
  {
    name: 'ddr4-2400',
    device: 'ddr4-2400-4gb',
    burstBytes: 8,
    rails: ['VDD', 'VPP'],
    memorySpecification: 'ddr4-1r-rho1.json',
  },
  {
    name: 'lpddr4-3200',
    device: 'lpddr4-3200-8gb',
    // DRAMPower's own figures, which take IDD5PB as a current during tRFCpb; and its core has no VDDQ.
    currents: 'drampower6',
    burstBytes: 32,
    rails: ['VDD1', 'VDD2'],
    memorySpecification: 'lpddr4-1r-rho1.json',
  },
];
