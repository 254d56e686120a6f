import { MASK } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { readChannelTexts } from './channelTexts';

it('leaves a secret address that is shown as dots as it is, and completes one that is typed', () => {
  const slack = (url: string) => readChannelTexts({ name: '', kind: 'slack', texts: { url } });
  expect(slack(MASK).input.config).toEqual({ url: MASK });
  expect(slack('hooks.slack.com/services/1').input.config).toEqual({
    url: 'https://hooks.slack.com/services/1',
  });
});

it('says what is missing, and sends only the fields of the chosen kind', () => {
  const texts = { to: 'ada@example.com', url: 'x' };
  expect(readChannelTexts({ name: ' ', kind: 'email', texts })).toEqual({
    input: { config: { to: 'ada@example.com' } },
    problems: [],
  });
  expect(readChannelTexts({ name: '', kind: 'ntfy', texts: {} }).problems).toMatchObject([{ name: 'url' }]);
});
