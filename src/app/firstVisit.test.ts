import { expect, it } from 'vitest';
import { isGivenData } from './firstVisit';

const SETTINGS = { APP_URL: 'https://beat.example.com', ACCESS_PASSWORD: 'correct horse battery' };
const HOST = { host: 'beat.example.com' };
const as = (credentials: string) => ({
  authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
});

const isGiven = (headers: Record<string, string>, settings: Parameters<typeof isGivenData>[1] = SETTINGS) =>
  isGivenData(new Headers({ ...HOST, ...headers }), settings);

it('a page holds data for whoever opens it with the password', () => {
  expect(isGiven({ ...as('me:correct horse battery'), 'sec-fetch-dest': 'document' })).toBe(true);
  expect(isGiven(as('me:correct horse battery'))).toBe(true);
});

it.each([
  ['without the password', {}],
  ['with a wrong one', as('me:wrong')],
  ['by a name that is not its own', { ...as('me:correct horse battery'), host: 'evil.example.com' }],
])('a page holds nothing %s, even if nobody has refused it before', (_who, headers) => {
  expect(isGiven(headers)).toBe(false);
});

it('a page without a password holds nothing that a reverse proxy would pass on', () => {
  const open = { ...SETTINGS, ACCESS_PASSWORD: undefined };
  expect(isGiven({ host: 'localhost:3000' }, open)).toBe(true);
  expect(isGiven({ host: 'localhost:3000', 'x-forwarded-for': '203.0.113.7' }, open)).toBe(false);
});

it('a page that is reached from another one of ours brings no data along: it was read there', () => {
  expect(isGiven({ ...as('me:correct horse battery'), 'sec-fetch-dest': 'empty' })).toBe(false);
});
