import { type AgentKind, readsWords } from '@everbeat/domain';
import type { KindForm } from '../kindForm';
import { command } from './command';
import { http } from './http';
import { model } from './model';
import { watch } from './watch';

/** Every kind of agent, as the web interface shows it. */
export const KIND_FORMS: Readonly<Record<AgentKind, KindForm>> = { watch, http, model, command };

/**
 * The instruction of a task whose agent reads none, from what the task sets for it. Null: the agent reads
 * what a person writes.
 */
export function madeInstruction(
  kind: AgentKind | null,
  texts: Readonly<Record<string, string>> = {},
): string | null {
  if (kind === null || readsWords(kind)) return null;
  const { instructionOf } = KIND_FORMS[kind].taskSettings ?? {};
  return instructionOf?.(texts) ?? KIND_FORMS[kind].lead;
}
