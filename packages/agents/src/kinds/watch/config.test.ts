import { describe, expect, it } from 'vitest';
import { watchConfigSchema, watchSettingsSchema } from './config';

const url = 'https://example.com/';

describe('what is watched', () => {
  it.each([
    ['a page', { url }, true],
    ['a page without its scheme', { url: 'localhost:4810/a' }, true],
    ['a part of it', { url, selector: 'main h2' }, true],
    [
      'rules',
      { url, ignoreText: ['visitors'], ignorePatterns: ['\\d+'], below: 45, includeNoise: true },
      true,
    ],
    ['rules alone', { ignorePaths: ['$.at'] }, true],
    ['no address', { url: 'not an address' }, false],
    ['another scheme', { url: 'ftp://example.com' }, false],
    ['a password', { url: 'https://ada:secret@example.com' }, false],
    ['a wrong selector', { url, selector: 'main >>' }, false],
    ['a wrong XPath', { url, selector: '//main[' }, false],
    ['a wrong JSONPath', { url, selector: '$.a[' }, false],
    ['a wrong pattern', { url, ignorePatterns: ['(?=x)'] }, false],
    ['a wrong number', { url, below: '45' }, false],
    ['an unknown setting', { url, speed: 1 }, false],
  ])('is checked alike on an agent and on a task: %s', (_, settings, fits) => {
    const [own, task] = [watchConfigSchema.safeParse(settings), watchSettingsSchema.safeParse(settings)];
    expect([own.success, task.success]).toEqual([fits, fits]);
    if (own.success && task.success) expect(own.data).toEqual({ ...task.data, timeoutSeconds: 30 });
  });
});
