import { sleep } from '@everbeat/domain';
import { Hono } from 'hono';
import type { Container } from '../container/container';
import { bodyLimit } from './bodyLimit';

/** Below it, one address for each channel: what its app is told to report to. */
export const SLACK_PATH = '/api/channels/slack';

/** A message of ours with all that Slack adds has a few kilobytes. */
const BODY_BYTES_MAX = 200_000;
/** Slack waits for three seconds. */
const ANSWER_MS = 2_500;
const CHANNEL_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * `POST /api/channels/slack/:channelId`: buttons that are pressed in Slack. Each request is signed by the app
 * of the channel, which is checked on the raw body before anything of it is read.
 */
export function slackPresses(container: () => Promise<Pick<Container, 'slack' | 'clock'>>): Hono {
  const app = new Hono();
  app.post('/:channelId', bodyLimit(BODY_BYTES_MAX), async (c) => {
    const channelId = c.req.param('channelId');
    const { slack, clock } = await container();
    const request = {
      body: await c.req.text(),
      timestamp: c.req.header('x-slack-request-timestamp'),
      signature: c.req.header('x-slack-signature'),
    };
    const received = CHANNEL_ID.test(channelId) ? await slack.receive(channelId, request) : null;
    if (received === null) return c.json({ error: 'the signature does not fit' }, 401);
    const handled = new AbortController();
    void received.done.then(() => handled.abort());
    await sleep(clock, ANSWER_MS, handled.signal);
    return c.body(null, 200);
  });
  return app;
}
