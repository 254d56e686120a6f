import { type AgentKind, type AgentView, agentKindSchema, CAPS, LIMITS, parseBudget } from '@everbeat/domain';
import { z } from 'zod';
import { budgetTexts, readBudget } from '@/features/spend/budgetTexts';
import { formatDuration } from '@/lib/format/duration';
import { explainDuration, parseDuration } from '@/lib/format/parseDuration';
import { readFields, textsOf, withoutEmpty } from './kindForm';
import { KIND_FORMS } from './kinds';

export const agentFieldsSchema = z.object({
  name: z.string(),
  kind: agentKindSchema,
  /** Keyed by field name. A field that two kinds share keeps its text when the kind changes. */
  texts: z.record(z.string(), z.string()),
  /** A time in words, or empty. */
  timeLimit: z.string(),
  /** The caps of what it may spend. */
  budget: z.record(z.enum(CAPS), z.string()),
});
export type AgentFields = z.infer<typeof agentFieldsSchema>;

/** What was typed, and the `updatedAt` of the agent that it was made from; null for a new one. */
export const agentDraftSchema = z.object({
  ...agentFieldsSchema.shape,
  updatedAt: z.iso.datetime().nullable().catch(null),
});

const checkedSchema = agentFieldsSchema.extend({
  name: z.string().trim().min(1, 'Give the agent a name').max(LIMITS.nameCharsMax),
  timeLimit: z.string().trim(),
});

/** Validates only the fields of the chosen kind. The server validates them again. */
export const agentFormSchema = checkedSchema.superRefine(({ kind, texts, timeLimit, budget }, context) => {
  if (timeLimit !== '' && parseDuration(timeLimit) === null) {
    context.addIssue({ code: 'custom', path: ['timeLimit'], message: explainDuration(timeLimit) });
  }
  for (const { name, message } of readFields(KIND_FORMS[kind].fields, texts).problems) {
    context.addIssue({ code: 'custom', path: ['texts', name], message });
  }
  for (const { cap, message } of readBudget(budget).problems) {
    context.addIssue({ code: 'custom', path: ['budget', cap], message });
  }
});

export function agentFieldsOf(agent: AgentView | null, kind: AgentKind): AgentFields {
  if (agent === null) return { name: '', kind, texts: {}, timeLimit: '', budget: budgetTexts() };
  const { timeoutSeconds } = agent.config;
  return {
    name: agent.name,
    kind: agent.kind,
    texts: textsOf(KIND_FORMS[agent.kind].fields, agent.config),
    timeLimit: typeof timeoutSeconds === 'number' ? formatDuration(timeoutSeconds) : '',
    budget: budgetTexts(parseBudget(agent.config.budget)),
  };
}

/** The names of the fields whose texts are not kept in the browser. */
const SECRETS = new Set(
  Object.values(KIND_FORMS).flatMap(({ fields }) =>
    Object.keys(fields).filter((name) => fields[name]?.isSecret),
  ),
);

export const withoutSecrets = (fields: AgentFields): AgentFields => ({
  ...fields,
  texts: Object.fromEntries(Object.entries(fields.texts).filter(([name]) => !SECRETS.has(name))),
});

/** Whether texts were changed from `base`. The kind alone does not count: it is chosen again in a moment. */
export const isAgentTyped = (fields: AgentFields, base: AgentFields): boolean =>
  JSON.stringify(typedTexts(fields)) !== JSON.stringify(typedTexts(base));

const typedTexts = ({ name, timeLimit, texts, budget }: AgentFields): string[][] =>
  Object.entries({ ...texts, ...budget, name, timeLimit })
    .map(([field, text]) => [field, text.trim()])
    .filter(([, text]) => text !== '')
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));

/** What was typed and not saved, over what is stored: secrets are only there. */
export function withDraft(base: AgentFields, draft: z.infer<typeof agentDraftSchema> | null): AgentFields {
  if (draft === null) return base;
  const { updatedAt: _readAt, ...fields } = draft;
  return { ...base, ...fields, texts: { ...base.texts, ...fields.texts } };
}

const configSchema = z.record(z.string(), z.json());

/** Stored settings that the form does not show stay unchanged, unless the kind changes. */
export function toAgentInput(fields: AgentFields, stored: AgentView | null) {
  const { name, kind, texts, timeLimit } = fields;
  const { budget } = readBudget(fields.budget);
  const config = configSchema.parse(
    withoutEmpty({
      ...(stored?.kind === kind ? stored.config : {}),
      ...readFields(KIND_FORMS[kind].fields, texts).values,
      timeoutSeconds: parseDuration(timeLimit) ?? '',
      budget: Object.keys(budget).length === 0 ? '' : budget,
    }),
  );
  return { name, kind, config };
}
