import { database, type Mutant, unit } from '../mutant';

const FEEDS = [database('tests/api/feeds.db.test.ts')];
const PING = [unit('src/server/services/taskWatchdog/Healthcheck.test.ts')];

/** The guards of what programs outside read and hear: file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    'src/server/services/feeds/FeedService.ts',
    'the token of an address is stored as a hash',
    '{ userId, tokenHash: hashSecret(token) }',
    '{ userId, tokenHash: `${hashSecret(token)}`.replace(/.*/, token) }',
    FEEDS,
  ],
  [
    'packages/database/src/feeds/feedTokens.ts',
    'new addresses replace those before',
    'set token_hash = excluded.token_hash, created_at',
    'set created_at',
    FEEDS,
  ],
  [
    'packages/database/src/feeds/armedTasks.ts',
    'a calendar shows the tasks of its owner alone',
    't.user_id = $1 and',
    '$1 is not null and',
    FEEDS,
  ],
  [
    'src/server/services/feeds/atomFeed.ts',
    'a feed loads nothing that an agent names',
    ", { disable: { null: ['labelStartImage'] } }",
    '',
    FEEDS,
  ],
  [
    'src/server/services/feeds/atomFeed.ts',
    'a feed reads no text that is made to be slow',
    'isTooMarked(text) ?',
    'text === markdown.repeat(2) ?',
    FEEDS,
  ],
  [
    'src/server/services/feeds/calendarFeed.ts',
    'a calendar stays the same until something changes',
    'stamp: task.armedAt',
    'stamp: now',
    FEEDS,
  ],
  [
    'src/server/services/feeds/calendarFeed.ts',
    'a name of a task cannot begin a line of a calendar',
    "text.replace(/[\\p{Cc}\\u2028\\u2029]+/gu, ' ').trim()",
    'text',
    FEEDS,
  ],
  [
    'src/server/services/taskWatchdog/Healthcheck.ts',
    'one call at a time tells of the passes',
    'url === undefined || this.isPinging',
    'url === undefined',
    PING,
  ],
  [
    'src/server/services/taskWatchdog/Healthcheck.ts',
    'a silent service is given up',
    '          signal,\n',
    '',
    PING,
  ],
];

export const FEED_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `feeds: ${name}`,
  file,
  find,
  replace,
  checks,
}));
