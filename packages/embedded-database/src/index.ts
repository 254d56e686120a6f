export {
  type EmbeddedPostgres,
  findServerCommand,
  findServerUrl,
  startEmbeddedPostgres,
} from './embeddedPostgres';
