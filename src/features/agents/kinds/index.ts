import type { AgentKind } from '@everbeat/domain';
import type { KindForm } from '../kindForm';
import { command } from './command';
import { http } from './http';
import { model } from './model';
import { watch } from './watch';

/** Every kind of agent, as the web interface shows it. */
export const KIND_FORMS: Readonly<Record<AgentKind, KindForm>> = { watch, http, model, command };
