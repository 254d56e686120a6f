import {
  type AgentKind,
  isStorableJson,
  type KindSettings,
  NOT_STORABLE,
  type ReportingStyle,
} from '@everbeat/domain';
import { z } from 'zod';
import type { AgentKindSpec } from './agentKindSpec';
import { KindRuntime } from './kindRuntime';
import type { AgentRuntime } from './port';

/** A kind of agent as the rest of the system sees it. */
export interface AgentKindDefinition<Kind extends AgentKind, Needs> {
  readonly kind: Kind;
  readonly reporting: ReportingStyle;
  readonly maxConcurrency: number;
  readonly runMb: number;
  readonly keepsSteps: boolean;
  readonly secretFields: readonly string[];
  readonly addressField: string | null;
  readonly taskSettingsSchema: z.ZodOptional<z.ZodType<KindSettings, KindSettings>>;
  createRuntime(needs: Needs): AgentRuntime;
}

const noSettings = z.never({ error: 'This kind of agent has no settings for each task' });

/**
 * Makes a kind of agent of what is special about it. The rest is the same for all kinds: checking the
 * configuration and the settings, the time limit, and turning everything that is thrown into an outcome
 * without secrets.
 */
export function defineAgentKind<
  Kind extends AgentKind,
  Config extends { timeoutSeconds: number },
  Settings extends KindSettings,
  Needs,
>(spec: AgentKindSpec<Kind, Config, Settings, Needs>): AgentKindDefinition<Kind, Needs> {
  const { kind, reporting, maxConcurrency, runMb, keepsSteps = false } = spec;
  return {
    kind,
    reporting,
    maxConcurrency,
    runMb,
    keepsSteps,
    secretFields: spec.secretFields ?? [],
    addressField: spec.addressField ?? null,
    taskSettingsSchema: (spec.taskSettingsSchema ?? noSettings)
      .refine(isStorableJson, NOT_STORABLE)
      .optional(),
    createRuntime: (needs) => new KindRuntime(spec, needs),
  };
}
