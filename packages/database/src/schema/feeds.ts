import { text } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { everbeat } from './everbeat';
import { ownerId } from './people';

/** The secret in the addresses of a user's feeds, if they have any. */
export const feedTokens = everbeat.table('feed_tokens', {
  userId: ownerId().primaryKey(),
  /** SHA-256, so that whoever reads the table cannot read the feeds. */
  tokenHash: text('token_hash').notNull().unique(),
  createdAt: instant('created_at').notNull(),
});
