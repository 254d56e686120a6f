import { type AgentKind, type AgentView, agentKindSchema } from '@everbeat/domain';
import { z } from 'zod';
import { readFields, textOf, textsOf, withoutEmpty } from './kindForm';
import { KIND_FORMS } from './kinds';

const fieldsSchema = z.object({
  name: z.string().trim().min(1, 'Give the agent a name').max(200),
  kind: agentKindSchema,
  /** Keyed by field name. A field that two kinds share keeps its text when the kind changes. */
  texts: z.record(z.string(), z.string()),
  timeoutSeconds: z
    .string()
    .trim()
    .regex(/^\d{0,6}$/, 'Enter a whole number of seconds, or leave it empty'),
});
export type AgentFields = z.infer<typeof fieldsSchema>;

/** Validates only the fields of the chosen kind. The server validates them again. */
export const agentFormSchema = fieldsSchema.superRefine(({ kind, texts }, context) => {
  for (const { name, message } of readFields(KIND_FORMS[kind].fields, texts).problems) {
    context.addIssue({ code: 'custom', path: ['texts', name], message });
  }
});

export function agentFieldsOf(agent: AgentView | null, kind: AgentKind): AgentFields {
  if (agent === null) return { name: '', kind, texts: {}, timeoutSeconds: '' };
  return {
    name: agent.name,
    kind: agent.kind,
    texts: textsOf(KIND_FORMS[agent.kind].fields, agent.config),
    timeoutSeconds: textOf(agent.config.timeoutSeconds),
  };
}

const configSchema = z.record(z.string(), z.json());

/** Stored settings that the form does not show stay unchanged, unless the kind changes. */
export function toAgentInput({ name, kind, texts, timeoutSeconds }: AgentFields, stored: AgentView | null) {
  const config = configSchema.parse(
    withoutEmpty({
      ...(stored?.kind === kind ? stored.config : {}),
      ...readFields(KIND_FORMS[kind].fields, texts).values,
      timeoutSeconds: timeoutSeconds === '' ? '' : Number(timeoutSeconds),
    }),
  );
  return { name, kind, config };
}
