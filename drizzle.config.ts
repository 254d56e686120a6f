import { defineConfig } from 'drizzle-kit';

/** `npm run db:generate` compares the schema with the last migration; it needs no database. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './packages/database/src/schema/index.ts',
  out: './drizzle',
  migrations: { schema: 'everbeat' },
  strict: true,
});
