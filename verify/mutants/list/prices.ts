import { database, type Mutant, unit } from '../mutant';

const MODEL = 'packages/agents/src/kinds/model';
const COSTS = [unit('packages/agents/src/kinds/model/fallbacks.test.ts')];
const LISTED = [unit('packages/agents/src/kinds/model/providers/prices.test.ts')];
const CALLS = [unit('packages/domain/src/modelPrice.test.ts')];
const OWN = [database('tests/api/modelProviders.db.test.ts')];

/** What calls of models cost (API.md, "The model agent"): file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    `${MODEL}/resolveModel.ts`,
    'the price of an agent is not that of another model',
    '(parseModelName(pinned) ?? { model: pinned })',
    '({ ...config, ...(parseModelName(pinned) ?? { model: pinned }) })',
    COSTS,
  ],
  [
    `${MODEL}/answerReader.ts`,
    'a cost is taken from those who are known to report it',
    'if (reportsCost && reportedUsd !== undefined)',
    'if (reportedUsd !== undefined)',
    COSTS,
  ],
  [
    `${MODEL}/providers/prices.ts`,
    'a price that is known in part is not known',
    'if (input === undefined || output === undefined ||',
    'if (',
    LISTED,
  ],
  [
    'packages/domain/src/modelPrice.ts',
    'the cost of a call is rounded up',
    'Math.ceil(withoutNoise(microUsd))',
    'Math.floor(withoutNoise(microUsd))',
    CALLS,
  ],
  [
    'packages/database/src/secrets/modelProviders.ts',
    'a person sets so many prices',
    '< ${LIMITS.ownPricesMax})`',
    '< 1000000)`',
    OWN,
  ],
];

export const PRICE_GUARDS: readonly Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `prices: ${name}`,
  file,
  find,
  replace,
  checks,
}));
