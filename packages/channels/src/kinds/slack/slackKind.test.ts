import { describeHttpKind } from '../../../test/contract';

describeHttpKind({
  kind: 'slack',
  configFor: (url) => ({ url: `${url}/services/T0/B0/slacksecretslacksecret` }),
  taken: { status: 200, body: 'ok' },
  externalId: null,
  secrets: ['slacksecretslacksecret'],
  misconfigured: [{ url: 'not an address' }],
});
