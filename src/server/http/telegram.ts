import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { Container } from '../container/container';
import type { AdmittedReport } from '../services/receiving/BotWebhooks';
import { bodyLimit } from './bodyLimit';

/**
 * A message and the one that it replies to have 4096 characters each, which JSON may write with 12 bytes
 * each.
 */
const BODY_BYTES_MAX = 400_000;
const BOT_KEY = /^[\da-f]{64}$/;
/** What Telegram takes as a secret. */
const SECRET = /^[\w-]{1,256}$/;

type Reports = { Variables: { report: AdmittedReport } };

/**
 * `POST /api/channels/telegram/:bot`: what people send to a bot, as Telegram reports it to a server that does
 * not ask for it. Each report carries the secret of its bot, which is checked before anything of the body is
 * read. Whoever has none cannot tell a bot from no bot.
 */
export function telegramReports(container: () => Promise<Pick<Container, 'botWebhooks'>>): Hono<Reports> {
  const app = new Hono<Reports>();
  const knowsSecret: MiddlewareHandler<Reports> = async (c, next) => {
    const report = await admitted(c, container);
    if (report === null) return c.json({ error: 'the secret does not fit' }, 401);
    c.set('report', report);
    return next();
  };
  // What is not read will never be: Telegram would report it again, and hold back what comes after it in its
  // chat.
  const limit = bodyLimit(BODY_BYTES_MAX, (c) => c.body(null, 200));
  app.post('/:bot', knowsSecret, limit, async (c) => {
    const { botWebhooks } = await container();
    await botWebhooks?.receive(c.get('report'), await c.req.text());
    return c.body(null, 200);
  });
  return app;
}

async function admitted(
  c: Context,
  container: () => Promise<Pick<Container, 'botWebhooks'>>,
): Promise<AdmittedReport | null> {
  const key = c.req.param('bot') ?? '';
  const secret = c.req.header('x-telegram-bot-api-secret-token') ?? '';
  if (!BOT_KEY.test(key) || !SECRET.test(secret)) return null;
  const { botWebhooks } = await container();
  return (await botWebhooks?.admit(key, secret)) ?? null;
}
