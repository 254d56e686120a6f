import type { AgentKind } from '@everbeat/domain';
import type { KindForm } from '../kindForm';
import { command } from './command';
import { http } from './http';
import { model } from './model';
import { watch } from './watch';

/** Every kind of agent, as the web interface shows it. */
export const KIND_FORMS: Readonly<Record<AgentKind, KindForm>> = { watch, http, model, command };

/** The agent to offer where there is none yet: it works without any key. */
export const STARTER_AGENT: { name: string; kind: AgentKind; config: Record<string, never> } = {
  name: 'Web page watcher',
  kind: 'watch',
  config: {},
};
