import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exampleContext } from '../../../test/examples';
import { errorOf, lastJson, startFarSide } from '../../../test/farSide';
import { isFromSlack, readSlackPress, sayInSlack } from './receive';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW = new Date('2026-11-29T12:00:00Z');
const TIMESTAMP = String(NOW.getTime() / 1_000);

const sign = (body: string, timestamp = TIMESTAMP, secret = SECRET): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

it('knows the example of the documentation', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
  const timestamp = '1531420618';
  const now = new Date(1_531_420_618_000);
  expect(isFromSlack(SECRET, { body, timestamp, signature }, now)).toBe(true);
});

it('refuses what is not signed, is signed by others, is changed, or is old', () => {
  const body = 'payload=%7B%7D';
  const request = { body, timestamp: TIMESTAMP, signature: sign(body) };
  expect(isFromSlack(SECRET, request, NOW)).toBe(true);
  for (const forged of [
    { signature: undefined },
    { timestamp: undefined },
    { signature: '' },
    { signature: sign(body, TIMESTAMP, 'another secret of an app') },
    { signature: sign(body).slice(0, -1) },
    { signature: `${sign(body)}0` },
    { body: `${body}x` },
    { timestamp: `${Number(TIMESTAMP) + 1}` },
    { timestamp: 'NaN' },
  ]) {
    expect(isFromSlack(SECRET, { ...request, ...forged }, NOW), JSON.stringify(forged)).toBe(false);
  }
  for (const seconds of [-301, 301]) {
    const timestamp = `${Number(TIMESTAMP) + seconds}`;
    expect(isFromSlack(SECRET, { body, timestamp, signature: sign(body, timestamp) }, NOW)).toBe(false);
  }
});

it('never takes a signature that was made up', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (body, signature) => {
      expect(isFromSlack(SECRET, { body, timestamp: TIMESTAMP, signature }, NOW)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

const formOf = (payload: unknown): string =>
  new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

it('reads which button was pressed, and nothing of a button that is a link', () => {
  const press = { type: 'block_actions', response_url: 'https://hooks.slack.com/actions/1' };
  const pressed = { ...press, actions: [{ action_id: 'option-0', value: 'token' }] };
  expect(readSlackPress(formOf(pressed))).toEqual({ token: 'token', responseUrl: press.response_url });
  expect(readSlackPress(formOf({ ...press, actions: [{ action_id: 'option-1' }] }))).toBeNull();
  for (const odd of [{}, null, { type: 'view_submission' }]) expect(readSlackPress(formOf(odd))).toBeNull();
  expect(readSlackPress('payload=no')).toBeNull();
  expect(readSlackPress('')).toBeNull();
});

it('says something to whoever pressed, at the address of Slack alone', async () => {
  const farSide = await startFarSide();
  const responseUrl = `${farSide.url}/actions/1`;
  await sayInSlack({ responseUrl, apiUrl: farSide.url }, 'Was answered already: <!here>', exampleContext());
  expect(lastJson(farSide)).toEqual({
    response_type: 'ephemeral',
    replace_original: false,
    text: 'Was answered already: &lt;!here&gt;',
  });
  for (const apiUrl of [undefined, 'https://slack.example.com']) {
    const said = sayInSlack({ responseUrl, apiUrl }, 'x', exampleContext());
    expect(await errorOf(said)).toMatchObject({ kind: 'refused' });
  }
  expect(farSide.calls).toHaveLength(1);
  await farSide.close();
});
