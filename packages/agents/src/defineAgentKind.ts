import {
  type AgentFault,
  type AgentKind,
  AppError,
  budgetSchema,
  isStorableJson,
  type KindSettings,
  NOT_STORABLE,
  type ReportingStyle,
  readsWords,
} from '@everbeat/domain';
import { secretsIn } from '@everbeat/outgoing';
import { z } from 'zod';
import type { PagePreview } from './pagePreview';
import type {
  AgentOutcome,
  AgentRequest,
  AgentRuntime,
  CheckRequest,
  PreviewOutcome,
  PreviewRequest,
} from './port';
import { AgentError, type CodePrefix, failureOf } from './shared/agentError';
import { type Clean, cleanerFor, cleanFailure, cleanOutcome } from './shared/clean';
import { parseConfig, parseTaskSettings, withoutBudget } from './shared/config';
import { faultOf } from './shared/faults';
import { guardRun, promptOf } from './shared/guardRun';

/** One run as a kind sees it: a request whose configuration and settings are checked. */
export interface AgentRun<Config, Settings> extends Omit<AgentRequest, 'config' | 'settings'> {
  config: Config;
  /** The task's own settings for this kind. Undefined if it has none. */
  settings: Settings | undefined;
  /** Aborted when the request's signal is, and when `config.timeoutSeconds` have passed. */
  signal: AbortSignal;
  /** The rendered prompt. @throws AgentError `agent_prompt_failed`; the signal's reason */
  prompt(): Promise<string>;
  /**
   * Leaves out what is secret. Everything that a run leaves is cleaned in the end; a text that is cut, or
   * that others are sent, is cleaned before, because a part of a secret would not be known any more.
   */
  clean: Clean;
}

/**
 * What the folder of a kind declares. `Needs` is what it needs of the operator's settings (`createRuntime`).
 */
export interface AgentKindSpec<
  Kind extends AgentKind,
  Config extends { timeoutSeconds: number },
  Settings extends KindSettings,
  Needs,
> {
  kind: Kind;
  configSchema: z.ZodType<Config>;
  /** What a person may set for each task, in `task.config[kind]`. Left out: nothing. */
  taskSettingsSchema?: z.ZodType<Settings, KindSettings>;
  reporting: ReportingStyle;
  /** How many tasks of one process run at the same time with agents of this kind, at the most. */
  maxConcurrency: number;
  /** What one run may need, in megabytes of the JavaScript heap: the runs of a process share half of it. */
  runMb: number;
  /**
   * Its runs are lists of steps in the journal of the request, so that another process can go on with one.
   */
  keepsSteps?: boolean;
  /** The first word of the error codes of this kind: `watch` gives `watch_timeout`. */
  errorPrefix: CodePrefix;
  /**
   * The fields of the configuration and of the settings for a task that hold a secret, or an object of
   * secrets by name. Their values never leave the server, and are redacted from everything that a run leaves.
   */
  secretFields?: readonly (keyof Config & string)[];
  /**
   * The field of the configuration that holds the address the secrets are sent to. Another origin there asks
   * for them anew: a stored secret never goes where it was not entered for.
   */
  addressField?: keyof Config & string;
  /**
   * Other secrets that its runs are given by the operator or the person, such as the keys of model providers.
   */
  secretsOf?(needs: Needs): readonly string[];
  /**
   * Checks what the schema cannot, before a configuration is stored.
   * @throws AppError `agent-misconfigured`; an AgentError is turned into one
   */
  checkConfig?(config: Config, needs: Needs): void;
  /**
   * Checks that a run can begin with what the operator has set, beyond `checkConfig`. A configuration may be
   * stored before that is so. `task`: what a task sets, if one is meant.
   * @throws AgentError
   */
  assertReady?(config: Config, needs: Needs, task?: { settings: Settings | undefined }): void;
  /**
   * Asks what a run calls whether it is there, without doing any of the work: what is wrong with each part.
   * @throws AgentError; the signal's reason
   */
  checkFarSides?(check: KindCheck<Config, Settings>, needs: Needs): Promise<AgentFault[]>;
  /**
   * The host that a run calls, such as `api.example.com`, for the failure of one that was not answered in
   * time.
   */
  farSideOf?(config: Config, settings: Settings | undefined, needs: Needs): string | undefined;
  /**
   * Does the work. Whatever it throws becomes the run's outcome; it must end soon after `run.signal` is
   * aborted.
   */
  run(run: AgentRun<Config, Settings>, needs: Needs): Promise<AgentOutcome>;
  /**
   * Shows what a task would begin with, before it is made. `settings` are as typed so far, whether they fit
   * or not.
   * @throws AgentError; the signal's reason
   */
  preview?(run: PreviewOf<Config>, needs: Needs): Promise<PagePreview>;
}

/** A check of an agent as its kind sees it. */
export interface KindCheck<Config, Settings> {
  config: Config;
  settings: Settings | undefined;
  userId: string;
  /** Whether everything is asked that a run would call. */
  isThorough: boolean;
  signal: AbortSignal;
}

interface PreviewOf<Config> extends Omit<PreviewRequest, 'config'> {
  /** Null: no agent is chosen yet. */
  config: Config | null;
}

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

/** What a run tells while it works, without secrets. */
function cleanTelling(
  { emit, tellStep }: Pick<AgentRequest, 'emit' | 'tellStep'>,
  cleaner: Clean | null,
): Pick<AgentRun<never, never>, 'emit' | 'tellStep' | 'clean'> {
  if (cleaner === null) return { emit, tellStep, clean: (text) => text };
  return {
    clean: cleaner,
    emit: (entry) => emit({ ...entry, content: cleaner(entry.content) }),
    tellStep:
      tellStep && ((step) => tellStep({ ...step, name: cleaner(step.name), input: cleaner(step.input) })),
  };
}

const PREVIEW_LIMIT = {
  timeoutSeconds: 20,
  farSide: undefined,
  remedy: 'Create the task all the same if the site is always slow: its runs wait longer.',
};

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
  const {
    kind,
    reporting,
    maxConcurrency,
    runMb,
    errorPrefix,
    keepsSteps = false,
    secretFields = [],
    addressField = null,
  } = spec;
  const parse = (config: unknown): Config => parseConfig(spec.configSchema, kind, withoutBudget(config).own);
  const parseSettings = (settings: unknown): Settings | undefined =>
    settings === undefined || spec.taskSettingsSchema === undefined
      ? undefined
      : parseTaskSettings(spec.taskSettingsSchema, kind, settings);

  const secretsGivenTo = (settings: readonly unknown[]): string[] =>
    settings.flatMap((each) => secretsIn(each, secretFields));

  async function run(request: AgentRequest, needs: Needs): Promise<AgentOutcome> {
    if (request.review !== undefined && !readsWords(kind)) {
      throw new AgentError(
        'review_not_possible',
        'A page watcher cannot check the work of a run. Choose another agent as the reviewer of the task.',
      );
    }
    const config = parse(request.config);
    const settings = parseSettings(request.settings);
    const farSide = spec.farSideOf?.(config, settings, needs);
    const limit = { timeoutSeconds: config.timeoutSeconds, codePrefix: errorPrefix, farSide };
    const cleaner = cleanerFor([...secretsGivenTo([config, settings]), ...(spec.secretsOf?.(needs) ?? [])]);
    const checked = { ...request, ...cleanTelling(request, cleaner), config, settings };
    const outcome = await guardRun(request, limit, (signal) =>
      spec.run({ ...checked, signal, prompt: () => promptOf(request, signal) }, needs),
    );
    return cleanOutcome(outcome, cleaner);
  }

  const { preview: show } = spec;
  const previewer = (needs: Needs): Pick<AgentRuntime, 'preview'> =>
    show === undefined
      ? {}
      : {
          preview: async (request) => {
            const preview = async (signal: AbortSignal): Promise<PreviewOutcome> => {
              const config = request.config === null ? null : parse(request.config);
              return { kind: 'done', page: await show({ ...request, config, signal }, needs) };
            };
            const outcome = await guardRun(request, { ...PREVIEW_LIMIT, codePrefix: errorPrefix }, preview);
            if (outcome.kind !== 'error') return outcome;
            return cleanFailure(outcome, cleanerFor(secretsGivenTo([request.config, request.settings])));
          },
        };

  function assertReady(request: Pick<CheckRequest, 'config' | 'settings'>, needs: Needs): Parsed {
    const config = parse(request.config);
    spec.checkConfig?.(config, needs);
    const settings = parseSettings(request.settings?.ofTask);
    spec.assertReady?.(config, needs, request.settings === null ? undefined : { settings });
    return { config, settings };
  }
  interface Parsed {
    config: Config;
    settings: Settings | undefined;
  }

  async function check(request: CheckRequest, needs: Needs): Promise<AgentFault[]> {
    const { userId, signal, settings, isThorough = false } = request;
    const setsWatch = kind === 'watch' && settings?.ofTask !== undefined;
    try {
      const parsed = assertReady(request, needs);
      return (await spec.checkFarSides?.({ ...parsed, userId, isThorough, signal }, needs)) ?? [];
    } catch (error) {
      const fault = faultOf(error, { setsWatch });
      if (fault === null) throw error;
      return [fault];
    }
  }

  return {
    kind,
    reporting,
    maxConcurrency,
    runMb,
    keepsSteps,
    secretFields,
    addressField,
    taskSettingsSchema: (spec.taskSettingsSchema ?? noSettings)
      .refine(isStorableJson, NOT_STORABLE)
      .optional(),
    createRuntime: (needs) => ({
      kind,
      keepsSteps,
      checkConfig(config) {
        const checked = parse(config);
        try {
          spec.checkConfig?.(checked, needs);
        } catch (error) {
          throw error instanceof AgentError ? new AppError('agent-misconfigured', error.message) : error;
        }
        const { budget } = withoutBudget(config);
        return budget === undefined
          ? checked
          : { ...checked, budget: parseConfig(budgetSchema, kind, budget) };
      },
      problemOf(config) {
        try {
          assertReady({ config, settings: null }, needs);
          return null;
        } catch (error) {
          if (error instanceof AgentError || error instanceof AppError) return error.message;
          throw error;
        }
      },
      run: (request) => run(request, needs).catch(failureOf),
      check: (request) => check(request, needs),
      ...previewer(needs),
    }),
  };
}
