import type { AgentFault, AgentKind, KindSettings, ReportingStyle } from '@everbeat/domain';
import type { z } from 'zod';
import type { PagePreview } from './pagePreview';
import type { AgentOutcome, AgentRequest, PreviewRequest } from './port';
import type { CodePrefix } from './shared/agentError';
import type { Clean } from './shared/clean';

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

/** A preview as its kind sees it. */
interface PreviewOf<Config> extends Omit<PreviewRequest, 'config'> {
  /** Null: no agent is chosen yet. */
  config: Config | null;
}
