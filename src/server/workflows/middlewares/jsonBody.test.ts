import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonBody } from './jsonBody';

const tickSchema = z.object({ taskId: z.string(), userId: z.string() });
const app = new Hono()
  .post('/tick', jsonBody(tickSchema), (c) => c.json({ read: c.get('body').taskId }))
  .post('/watchdog', jsonBody(z.object({}).default({})), (c) => c.json({ read: c.get('body') }));

const post = (path: string, body: string) => app.request(path, { method: 'POST', body });

describe('jsonBody', () => {
  it('passes the parsed body to the handler', async () => {
    const response = await post('/tick', '{"taskId":"t","userId":"u","more":true}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ read: 't' });
  });

  it.each(['', ' \n', '{}', '{"more":1}'])(
    'accepts the body "%s" where the schema allows an empty one',
    async (body) => {
      const response = await post('/watchdog', body);
      expect(await response.json()).toEqual({ read: {} });
    },
  );

  it.each(['', 'taskId=t', '{"taskId":"t"', 'null', '[]', '"text"', '{}', '{"taskId":1,"userId":"u"}'])(
    'responds 489 without retries to the body %s',
    async (body) => {
      const response = await post('/tick', body);
      expect(response.status).toBe(489);
      expect(response.headers.get('Upstash-NonRetryable-Error')).toBe('true');
      expect(await response.json()).toEqual({ error: expect.stringMatching(/^body /) });
    },
  );
});
