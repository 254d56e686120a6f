import type { ChannelKind } from '@everbeat/domain';
import { freePort } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelConfigSchema, secretFieldsOf, sendToChannel } from '../src';
import type { ChannelContext } from '../src/port';
import { exampleContext, exampleDigest, exampleMessage } from './examples';
import { errorOf, type FarSide, startFarSide } from './farSide';

/** A kind of channel that calls a web server. */
export interface HttpKindHarness {
  kind: ChannelKind;
  /** A configuration that sends to this server, with secrets wherever the kind has them. */
  configFor(url: string): Record<string, unknown>;
  context?: Partial<ChannelContext>;
  /** What the service answers to a message that it takes. */
  taken: { status: number; body: string | object };
  externalId: string | null;
  /** Texts of the configuration that must not stand in any error. */
  secrets: string[];
  misconfigured: unknown[];
}

const PART = 'x'.repeat(65_536);
const GROWTH_BYTES_MAX = 50_000_000;

/** What callers may rely on with every kind that calls a web server. */
export function describeHttpKind(harness: HttpKindHarness): void {
  const { kind, configFor, taken, secrets } = harness;

  describe(`the contract of channels: ${kind}`, () => {
    let farSide: FarSide;
    beforeEach(async () => {
      farSide = await startFarSide();
    });
    afterEach(() => farSide.close());

    const send = (fields: Partial<ChannelContext> = {}, message = exampleMessage()) =>
      sendToChannel(
        { kind, config: configFor(farSide.url) },
        message,
        exampleContext({ ...harness.context, ...fields }),
      );

    it('sends a message, and tells its id on the far side where it has one', async () => {
      farSide.answer(taken.status, taken.body);
      expect(await send()).toMatchObject({ externalId: harness.externalId });
      expect(farSide.calls).toHaveLength(1);
    });

    it('sends a digest', async () => {
      farSide.answer(taken.status, taken.body);
      expect(await send({}, exampleDigest())).toMatchObject({ externalId: harness.externalId });
    });

    it.each([500, 502, 503, 408])('calls status %s transient', async (status) => {
      farSide.answer(status, 'no');
      expect(await errorOf(send())).toMatchObject({ name: 'ChannelError', kind: 'transient' });
    });

    it.each([500, 502, 504, 520])(
      'says that the message may have arrived all the same: %s',
      async (status) => {
        farSide.answer(status, 'no');
        expect(await errorOf(send())).toMatchObject({ kind: 'transient', mayHaveArrived: true });
      },
    );

    it.each([503, 521, 408])('knows that nothing has arrived: %s', async (status) => {
      farSide.answer(status, 'no');
      expect(await errorOf(send())).toMatchObject({ kind: 'transient', mayHaveArrived: false });
    });

    it('knows that nothing has arrived where the far side says when to come again', async () => {
      farSide.answer(502, 'no', { 'retry-after': '40' });
      expect(await errorOf(send())).toMatchObject({ mayHaveArrived: false, retryAfterSeconds: 40 });
    });

    it('waits as long as the far side asks', async () => {
      farSide.answer(429, 'too many', { 'retry-after': '40' });
      expect(await errorOf(send())).toMatchObject({ kind: 'transient', retryAfterSeconds: 40 });
    });

    it.each([401, 403, 404, 410])(
      'asks a person when the address or the key is refused: %s',
      async (status) => {
        farSide.answer(status, 'no');
        const error = await errorOf(send());
        expect(error).toMatchObject({ kind: 'needs-person', mayHaveArrived: false });
        expect(error).toHaveProperty('message', expect.stringMatching(/\S.{20,}/));
      },
    );

    it.each([400, 413, 422])('gives up a message that is refused: %s', async (status) => {
      farSide.answer(status, 'no');
      expect(await errorOf(send())).toMatchObject({ kind: 'refused' });
    });

    it('follows no redirect', async () => {
      farSide.answer(307, '', { location: `${farSide.url}/elsewhere` });
      expect(await errorOf(send())).toMatchObject({ kind: 'needs-person' });
      expect(farSide.calls).toHaveLength(1);
    });

    it('calls a server that is away transient, and knows that nothing has arrived', async () => {
      const config = configFor(`http://127.0.0.1:${await freePort()}`);
      const sent = sendToChannel({ kind, config }, exampleMessage(), exampleContext(harness.context));
      expect(await errorOf(sent)).toMatchObject({ kind: 'transient', mayHaveArrived: false });
    });

    it('ends in bounded time with a server that does not answer, and says that it may have arrived', async () => {
      farSide.answerBy(() => undefined);
      const error = await errorOf(send({ signal: AbortSignal.timeout(100) }));
      expect(error).toMatchObject({ kind: 'transient', mayHaveArrived: true });
    });

    it('reads no more than the beginning of an endless answer', async () => {
      farSide.answerBy((response) => {
        response.writeHead(500);
        const more = () => {
          while (!response.destroyed && response.write(PART));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      });
      const before = process.memoryUsage().rss;
      expect(await errorOf(send({ signal: AbortSignal.timeout(5_000) }))).toMatchObject({
        kind: 'transient',
        mayHaveArrived: true,
      });
      expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_BYTES_MAX);
    });

    it('does not call this machine or a private network unless the operator allows it', async () => {
      const error = await errorOf(send({ allowPrivateAddresses: false }));
      expect(error).toMatchObject({
        kind: 'needs-person',
        message: expect.stringContaining('NOTIFY_ALLOW_PRIVATE_URLS'),
      });
      expect(farSide.calls).toEqual([]);
    });

    it('never calls this server itself', async () => {
      expect(await errorOf(send({ ownPort: farSide.port }))).toMatchObject({ kind: 'needs-person' });
      expect(farSide.calls).toEqual([]);
    });

    it('shows no secret in an error, also when the far side sends it back', async () => {
      for (const status of [400, 401, 500]) {
        farSide.answer(status, {
          description: secrets.join(' '),
          message: secrets.join(' '),
          error: secrets.join(' '),
        });
        const error = await errorOf(send());
        for (const secret of secrets)
          expect(JSON.stringify({ ...Object(error), text: String(error) })).not.toContain(secret);
      }
    });

    it('refuses settings that do not fit', async () => {
      for (const config of [
        ...harness.misconfigured,
        null,
        'text',
        {},
        { ...configFor(farSide.url), unknown: 1 },
      ]) {
        const sent = sendToChannel({ kind, config }, exampleMessage(), exampleContext(harness.context));
        expect(await errorOf(sent), JSON.stringify(config)).toMatchObject({ kind: 'needs-person' });
      }
      expect(farSide.calls).toEqual([]);
    });

    it('has the secrets of its settings among the secret fields', () => {
      const config = configFor(farSide.url);
      expect(channelConfigSchema(kind).safeParse(config).success).toBe(true);
      const kept = Object.entries(config).filter(([name]) => !secretFieldsOf(kind).includes(name));
      for (const secret of secrets) expect(JSON.stringify(kept)).not.toContain(secret);
    });
  });
}
