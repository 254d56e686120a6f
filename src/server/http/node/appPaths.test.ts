import { CALENDAR_PATH, FEED_PATH } from '@everbeat/domain';
import { PHASE_PRODUCTION_SERVER } from 'next/constants';
import { expect, it } from 'vitest';
import { config as proxyConfig } from '@/proxy';
import nextConfig from '../../../../next.config';
import { ANSWERS_PATH } from '../../services/answers/AnswerLinkService';
import { isAppPath } from './serve';

/**
 * Next needs its matchers as literals. A path that they leave out and the app does not serve would have
 * neither access control nor headers.
 */
const isPage = (path: string): boolean => new RegExp(`^${proxyConfig.matcher}$`).test(path);

const BELOW = [FEED_PATH, CALENDAR_PATH, ANSWERS_PATH];

it.each(['/api', '/api/', '/api/trpc/task.list', ...BELOW.map((path) => `${path}/token`)])(
  'the app serves %s and controls access to it, and the proxy leaves it alone',
  (path) => {
    expect({ isAppPath: isAppPath(path), isPage: isPage(path) }).toEqual({ isAppPath: true, isPage: false });
  },
);

it.each(['/', '/tasks', '/tasks/api/', '/apiary', ...BELOW.map((path) => `${path}s/token`)])(
  'the proxy controls access to the page %s, which the app does not serve',
  (path) => {
    expect({ isAppPath: isAppPath(path), isPage: isPage(path) }).toEqual({ isAppPath: false, isPage: true });
  },
);

it('pages have the same headers wherever the proxy controls access', async () => {
  const [{ source } = { source: null }] = (await nextConfig(PHASE_PRODUCTION_SERVER).headers?.()) ?? [];
  expect(source).toBe(proxyConfig.matcher);
});
