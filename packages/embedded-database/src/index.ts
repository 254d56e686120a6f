export { DATABASE_USER } from './clusterFolder';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findServerCommand,
  startEmbeddedPostgres,
} from './embeddedPostgres';
export { EmbeddedDatabaseError } from './errors';
