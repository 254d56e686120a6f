import { AppError } from '@everbeat/domain';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { respondUnavailable } from './faults';

it('turns every error into a bare 503 and logs its cause without the query around it', async () => {
  const logged: object[] = [];
  const log = (fields: object) => void logged.push(fields);
  const cause = new Error('connection terminated');
  const app = new Hono()
    .onError(respondUnavailable({ debug: log, info: log, warn: log, error: log }))
    .post('/hook', () => {
      throw new Error('Failed query: select … params: secret', { cause });
    });

  const response = await app.request('/hook', { method: 'POST' });

  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ error: 'unavailable' });
  expect(logged).toEqual([{ err: cause, path: '/hook' }]);
});

it('logs as a warning that a server which is stopping has refused', async () => {
  const logged: [string, object][] = [];
  const log = (level: string) => (fields: object) => void logged.push([level, fields]);
  const app = new Hono()
    .onError(
      respondUnavailable({ debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }),
    )
    .post('/hook', () => {
      throw new AppError('unavailable', 'The server is stopping; try again in a moment');
    });

  const response = await app.request('/hook', { method: 'POST' });

  expect([response.status, await response.json()]).toEqual([503, { error: 'unavailable' }]);
  const reason = 'The server is stopping; try again in a moment';
  expect(logged).toEqual([['warn', { path: '/hook', reason }]]);
});
