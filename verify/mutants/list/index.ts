import type { Mutant } from '../mutant';
import { ABSENCE_GUARDS } from './absence';
import { ACCESS_GUARDS } from './access';
import { AGENT_GUARDS } from './agents';
import { CHANNEL_GUARDS } from './channels';
import { COMMAND_GUARDS } from './commands';
import { COMMIT_GUARDS } from './commits';
import { DATABASE_FOLDER_GUARDS } from './databaseFolder';
import { BACKUP_GUARDS, DATABASE_START_GUARDS } from './databaseStart';
import { DECISIONS } from './decisions';
import { DELIVERY_GUARDS } from './deliveries';
import { DOCUMENT_GUARDS } from './documents';
import { EDIT_GUARDS } from './edits';
import { EXPIRY_GUARDS } from './expiry';
import { FAILURE_GUARDS } from './failures';
import { FEED_GUARDS } from './feeds';
import { HELD_ROW_GUARDS } from './heldRows';
import { INBOX_GUARDS } from './inbox';
import { LEFTOVER_GUARDS } from './leftovers';
import { MONEY_GUARDS } from './money';
import { OWNER_GUARDS } from './owners';
import { PRICE_GUARDS } from './prices';
import { READINESS_GUARDS } from './readiness';
import { REQUEST_GUARDS } from './requests';
import { REVIEW_GUARDS } from './reviews';
import { ROOM_GUARDS } from './room';
import { SCHEDULE_GUARDS } from './schedules';
import { SECRET_GUARDS } from './secrets';
import { SERVICE_GUARDS } from './services';
import { SIMULATION_MUTANTS } from './simulation';
import { SPEND_GUARDS } from './spend';
import { STATEMENT_GUARDS } from './statements';
import { STEP_GUARDS } from './steps';
import { STOOD_STILL_GUARDS } from './stoodStill';
import { STOP_GUARDS } from './stop';
import { TOOL_GUARDS } from './tools';
import { WAITING_GUARDS } from './waiting';
import { WATCH_SECRET_GUARDS } from './watchSecrets';
import { WATCH_TRANSFER_GUARDS } from './watchTransfer';
import { WEBHOOK_GUARDS } from './webhooks';

/** Every mutant. A new guard gets a mutant in one of these lists. */
export const MUTANTS: readonly Mutant[] = [
  ...AGENT_GUARDS,
  ...CHANNEL_GUARDS,
  ...COMMAND_GUARDS,
  ...FEED_GUARDS,
  ...DECISIONS,
  ...EDIT_GUARDS,
  ...EXPIRY_GUARDS,
  ...DELIVERY_GUARDS,
  ...DOCUMENT_GUARDS,
  ...SCHEDULE_GUARDS,
  ...FAILURE_GUARDS,
  ...COMMIT_GUARDS,
  ...STATEMENT_GUARDS,
  ...SERVICE_GUARDS,
  ...SECRET_GUARDS,
  ...ROOM_GUARDS,
  ...STOP_GUARDS,
  ...WAITING_GUARDS,
  ...STEP_GUARDS,
  ...REVIEW_GUARDS,
  ...TOOL_GUARDS,
  ...MONEY_GUARDS,
  ...PRICE_GUARDS,
  ...SPEND_GUARDS,
  ...READINESS_GUARDS,
  ...STOOD_STILL_GUARDS,
  ...OWNER_GUARDS,
  ...HELD_ROW_GUARDS,
  ...LEFTOVER_GUARDS,
  ...INBOX_GUARDS,
  ...WEBHOOK_GUARDS,
  ...ABSENCE_GUARDS,
  ...ACCESS_GUARDS,
  ...REQUEST_GUARDS,
  ...WATCH_SECRET_GUARDS,
  ...WATCH_TRANSFER_GUARDS,
  ...DATABASE_FOLDER_GUARDS,
  ...DATABASE_START_GUARDS,
  ...BACKUP_GUARDS,
  ...SIMULATION_MUTANTS,
];
