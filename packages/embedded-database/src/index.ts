export { DATABASE_USER } from './clusterFolder';
export {
  type EmbeddedPostgres,
  findServerCommand,
  startEmbeddedPostgres,
} from './embeddedPostgres';
