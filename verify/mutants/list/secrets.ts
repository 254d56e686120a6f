import { database, type Mutant, unit } from '../mutant';

const VAULT = 'packages/vault/src/vault.ts';
const SERVICE = 'src/server/services/secrets/SecretsService.ts';
const VAULT_TESTS = unit('packages/vault');
const TESTS = database('tests/api/secrets.db.test.ts');

/** That stored secrets are encrypted, each for its place, and that none is lost on the way there. */
export const SECRET_GUARDS: Mutant[] = [
  {
    name: 'models: only what passes by itself leads to another model',
    file: 'packages/agents/src/kinds/model/callModel.ts',
    find: '!mayPass(fault) || ',
    replace: '',
    checks: [unit('packages/agents/src/kinds/model/fallbacks.test.ts')],
  },
  ...[
    [
      'packages/agents/src/kindRuntime.ts',
      'of what a run has come to',
      'cleanOutcome(outcome, cleaner)',
      'outcome',
    ],
    [
      'packages/agents/src/shared/answer.ts',
      'of an answer before its texts are cut',
      "if (clean !== null && typeof value === 'object'",
      "if (false && clean !== null && typeof value === 'object'",
    ],
    [
      'packages/agents/src/kinds/command/boundedOutput.ts',
      'of what a program printed before that is cut',
      'this.clean(terminalText(text))',
      'terminalText(text)',
    ],
    [
      'packages/agents/src/kinds/model/callModel.ts',
      'of the answers of models and their calls',
      'cleanTexts({ content, problems }, this.caller.clean);',
      '',
    ],
    [
      'packages/agents/src/kinds/model/toolbox.ts',
      'of what tools answer, whichever call has sent it',
      'fenced(clean(answer),',
      'fenced(answer,',
    ],
  ].map(([file = '', name = '', find = '', replace = '']) => ({
    file,
    find,
    replace,
    name: `secrets: they are left out ${name}`,
    checks: [unit('packages/agents/src/kinds/quotedSecrets.test.ts')],
  })),
  {
    name: 'secrets: they are left out of what an agent reports later',
    file: 'src/server/services/taskRunner/callbackReport.ts',
    find: 'cleanerOfAnyKind(await openConfig(agent, operation.userId))',
    replace: '(await openConfig(agent, operation.userId), cleanerOfAnyKind({}))',
    checks: [TESTS],
  },
  {
    name: 'models: a stored key goes to the server that it was entered for',
    file: 'src/server/services/models/ModelsService.ts',
    find: 'new URL(former).origin !== new URL(address).origin',
    replace: 'false',
    checks: [database('tests/api/modelProviders.db.test.ts')],
  },
  {
    name: 'models: a provider is deleted by its owner alone',
    file: 'packages/database/src/secrets/modelProviders.ts',
    find: 'delete from everbeat.model_providers where user_id = $1 and',
    replace: 'delete from everbeat.model_providers where $1::text is not null and',
    checks: [database('tests/api/modelProviders.db.test.ts')],
  },
  {
    name: 'secrets: a sealed text belongs to its owner and its place',
    file: VAULT,
    find: 'keyId, owner, table, row, field]',
    replace: 'keyId, field]',
    checks: [VAULT_TESTS, TESTS],
  },
  {
    name: 'secrets: a sealed text belongs to its field',
    file: VAULT,
    find: 'keyId, owner, table, row, field]',
    replace: 'keyId, owner, table, row]',
    checks: [VAULT_TESTS],
  },
  {
    name: 'secrets: nothing is sealed while a server lives that cannot open it',
    file: SERVICE,
    find: 'from !== null && from <= this.deps.clock.now()',
    replace: 'true',
    checks: [TESTS],
  },
  {
    name: 'secrets: an older server that is connected puts sealing off',
    file: 'packages/database/src/secrets/sealing.ts',
    find: 'and application_name = $3',
    replace: 'and application_name = $3 and false',
    checks: [TESTS],
  },
  {
    name: 'secrets: a configuration is replaced only as it was read',
    file: 'packages/database/src/secrets/sealing.ts',
    find: 'where id = $1::uuid and config = $2::jsonb',
    replace: 'where id = $1::uuid and $2::jsonb is not null',
    checks: [TESTS],
  },
  {
    name: 'secrets: no second key is made where a first one is missing',
    file: SERVICE,
    find: "if (keyId !== undefined) throw this.unreadable('unknown-key', keyId);",
    replace: '',
    checks: [TESTS],
  },
  {
    name: 'secrets: none is stored without a key',
    file: SERVICE,
    find: '    await this.sealingVault();\n',
    replace: '',
    checks: [TESTS],
  },
  {
    name: 'secrets: queue mode does not start over secrets that it cannot open',
    file: 'src/server/services/secrets/SecretsSweep.ts',
    find: "keys.source.kind === 'none' && ",
    replace: 'false && ',
    checks: [TESTS],
  },
];
