import { OWN_CURRENTS } from '../energy/current-set.ts';
import { DEFAULT_ENERGY_MODEL, ENERGY_MODELS } from '../energy/energy-of.ts';
import { VAMPIRE_VENDORS } from '../energy/vampire.ts';
import { switchedOn } from './output-settings.ts';
import { optional, withDefault } from './setting.ts';
import { between, oneOf, text } from './values.ts';
import { readVoltageLaw, voltageLawSchema } from './voltage-law.ts';

/** Settings of the energy that is counted. */

export const law = withDefault(
  {
    schema: voltageLawSchema,
    value: 'LAW',
    read: readVoltageLaw,
    help: 'energy against voltage: quadratic, linear, an exponent, or VDD1=linear,VDD2=2.3',
  },
  'quadratic',
);

export const dataEnergy = optional({
  ...oneOf(VAMPIRE_VENDORS, 'vendors'),
  value: 'VENDOR',
  help: `weigh read energy by the weights' bits, as measured on a vendor's chips: ${VAMPIRE_VENDORS.join(', ')}`,
});

export const currents = withDefault({ ...text, help: 'which of the public sets of currents' }, OWN_CURRENTS);

export const energyModel = withDefault(
  {
    ...oneOf(ENERGY_MODELS, 'models'),
    flag: 'model',
    help: `energy equations: ${ENERGY_MODELS.join(', ')}`,
  },
  DEFAULT_ENERGY_MODEL,
);

export const range = switchedOn(
  'with each saving its range over sets of currents, voltage laws, rails of the part, and data pins in or out',
);

export const rho = withDefault(
  { ...between(0, 1), value: 'SHARE', help: 'of drampower6: active current common to the banks' },
  1,
);
