import { pgSchema } from 'drizzle-orm/pg-core';

/**
 * The schema of all tables, so that a database can be shared with other applications. Every statement names
 * it (`everbeat.tasks`): a session setting such as `search_path` does not survive a connection pooler.
 */
export const everbeat = pgSchema('everbeat');
