import { version } from '../../../package.json';
import { AgentService } from '../services/agents/AgentService';
import { DocumentService } from '../services/documents/DocumentService';
import { FeedService } from '../services/feeds/FeedService';
import { InboxService } from '../services/inbox/InboxService';
import { ReadService } from '../services/reads/ReadService';
import { SpendService } from '../services/spend/SpendService';
import { SystemService } from '../services/system/SystemService';
import { SavedFilterService } from '../services/tasks/SavedFilterService';
import { TaskService } from '../services/tasks/TaskService';
import { WatchTransferService } from '../services/watches/WatchTransferService';
import type { AgentServices } from './agentServices';
import { workspacesOf } from './agents';
import type { Engine } from './engine';
import type { Foundation } from './foundation';

/** What people see and change on the pages, and other programs by the API. */
export function createPageServices(foundation: Foundation, agentServices: AgentServices, engine: Engine) {
  const { lifecycle, archive } = engine;
  const common = { ...foundation, lifecycle };
  const reads = new ReadService({ ...foundation, prompts: archive });
  return {
    reads,
    tasks: new TaskService({ ...common, reads }),
    inbox: new InboxService({ ...common, reads }),
    spend: new SpendService(common),
    documents: new DocumentService(foundation),
    savedFilters: new SavedFilterService(foundation),
    feeds: new FeedService(foundation),
    transfer: new WatchTransferService(common),
    agents: new AgentService({ ...common, ...agentServices, room: engine.room }),
    system: new SystemService({
      ...foundation,
      ...agentServices,
      scheduler: engine.scheduler,
      facts: systemFacts(foundation),
    }),
  };
}

const systemFacts = ({ env }: Foundation) => ({
  mode: env.AGENT_RUNTIME_MODE,
  scheduler: env.TASK_SCHEDULER,
  database: env.DATABASE_URL === undefined ? ('embedded' as const) : ('external' as const),
  version,
  commands: Object.keys(env.AGENT_COMMANDS ?? {}),
  repositories: workspacesOf(env).repositories.map(({ name }) => name),
  heartbeatMinSeconds: env.HEARTBEAT_MIN_SECONDS,
  mailConfigured: env.SMTP_URL !== undefined,
});
