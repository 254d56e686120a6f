import { type AgentKind, type AgentView, agentKindSchema } from '@everbeat/domain';
import { z } from 'zod';
import { formatDuration } from '@/lib/format/duration';
import { explainDuration, parseDuration } from '@/lib/format/parseDuration';
import { readFields, textsOf, withoutEmpty } from './kindForm';
import { KIND_FORMS } from './kinds';

const fieldsSchema = z.object({
  name: z.string().trim().min(1, 'Give the agent a name').max(200),
  kind: agentKindSchema,
  /** Keyed by field name. A field that two kinds share keeps its text when the kind changes. */
  texts: z.record(z.string(), z.string()),
  /** A time in words, or empty. */
  timeLimit: z.string().trim(),
});
export type AgentFields = z.infer<typeof fieldsSchema>;

/** Validates only the fields of the chosen kind. The server validates them again. */
export const agentFormSchema = fieldsSchema.superRefine(({ kind, texts, timeLimit }, context) => {
  if (timeLimit !== '' && parseDuration(timeLimit) === null) {
    context.addIssue({ code: 'custom', path: ['timeLimit'], message: explainDuration(timeLimit) });
  }
  for (const { name, message } of readFields(KIND_FORMS[kind].fields, texts).problems) {
    context.addIssue({ code: 'custom', path: ['texts', name], message });
  }
});

export function agentFieldsOf(agent: AgentView | null, kind: AgentKind): AgentFields {
  if (agent === null) return { name: '', kind, texts: {}, timeLimit: '' };
  const { timeoutSeconds } = agent.config;
  return {
    name: agent.name,
    kind: agent.kind,
    texts: textsOf(KIND_FORMS[agent.kind].fields, agent.config),
    timeLimit: typeof timeoutSeconds === 'number' ? formatDuration(timeoutSeconds) : '',
  };
}

const configSchema = z.record(z.string(), z.json());

/** Stored settings that the form does not show stay unchanged, unless the kind changes. */
export function toAgentInput({ name, kind, texts, timeLimit }: AgentFields, stored: AgentView | null) {
  const config = configSchema.parse(
    withoutEmpty({
      ...(stored?.kind === kind ? stored.config : {}),
      ...readFields(KIND_FORMS[kind].fields, texts).values,
      timeoutSeconds: parseDuration(timeLimit) ?? '',
    }),
  );
  return { name, kind, config };
}
