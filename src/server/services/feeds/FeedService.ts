import {
  deleteFeedToken,
  findFeedOwner,
  type Queryable,
  readArmedTasks,
  readBriefs,
  readFeedTokenDate,
  writeFeedToken,
} from '@everbeat/database';
import {
  CALENDAR_PATH,
  type Clock,
  FEED_PATH,
  type FeedAddressesView,
  type FeedView,
  type Ids,
  LIMITS,
} from '@everbeat/domain';
import { hashSecret } from '@everbeat/vault';
import { atomFeed } from './atomFeed';
import { calendarFeed } from './calendarFeed';

export interface FeedServiceDeps {
  db: Queryable;
  clock: Clock;
  ids: Pick<Ids, 'secret'>;
  appUrl: string;
}

/**
 * The feeds of a user for programs outside: their briefs, and when their tasks wake. Whoever knows an address
 * reads it, so its token is random, stored as a hash alone, and can be replaced or taken away.
 */
export class FeedService {
  constructor(private readonly deps: FeedServiceDeps) {}

  async get(userId: string): Promise<FeedView> {
    return { createdAt: await readFeedTokenDate(this.deps.db, userId) };
  }

  /** Makes addresses, which are told this once; those before are dead. */
  async renew(userId: string): Promise<FeedAddressesView> {
    const { db, clock, ids, appUrl } = this.deps;
    const token = ids.secret();
    const createdAt = clock.now();
    await writeFeedToken(db, { userId, tokenHash: hashSecret(token) }, createdAt);
    return {
      createdAt,
      feedUrl: `${appUrl}${FEED_PATH}/${token}.xml`,
      calendarUrl: `${appUrl}${CALENDAR_PATH}/${token}.ics`,
    };
  }

  async revoke(userId: string): Promise<FeedView> {
    await deleteFeedToken(this.deps.db, userId);
    return { createdAt: null };
  }

  /** Null: there is no such address. */
  async feed(token: string): Promise<string | null> {
    const { db, appUrl } = this.deps;
    const userId = await findFeedOwner(db, hashSecret(token));
    if (userId === null) return null;
    const { items } = await readBriefs(db, userId, { limit: LIMITS.feedBriefsMax });
    return atomFeed(items, { appUrl });
  }

  /** Null: there is no such address. */
  async calendar(token: string): Promise<string | null> {
    const { db, clock, appUrl } = this.deps;
    const userId = await findFeedOwner(db, hashSecret(token));
    if (userId === null) return null;
    const tasks = await readArmedTasks(db, userId, LIMITS.calendarTasksMax);
    return calendarFeed(tasks, { appUrl, now: clock.now() });
  }
}
