import {
  type AgentFault,
  type AgentKind,
  AppError,
  budgetSchema,
  type KindSettings,
  readsWords,
} from '@everbeat/domain';
import { secretsIn } from '@everbeat/outgoing';
import type { AgentKindSpec, AgentRun } from './agentKindSpec';
import type {
  AgentOutcome,
  AgentRequest,
  AgentRuntime,
  CheckRequest,
  PreviewOutcome,
  PreviewRequest,
} from './port';
import { AgentError, failureOf } from './shared/agentError';
import { type Clean, cleanerFor, cleanFailure, cleanOutcome } from './shared/clean';
import { parseConfig, parseTaskSettings, withoutBudget } from './shared/config';
import { faultOf } from './shared/faults';
import { guardRun, promptOf } from './shared/guardRun';

const PREVIEW_LIMIT = {
  timeoutSeconds: 20,
  farSide: undefined,
  remedy: 'Create the task all the same if the site is always slow: its runs wait longer.',
};

/** What is the same for all kinds of agents: what they check before they work, and what leaves a run. */
export class KindRuntime<Config extends { timeoutSeconds: number }, Settings extends KindSettings, Needs>
  implements AgentRuntime
{
  readonly kind: AgentKind;
  readonly keepsSteps: boolean;
  readonly preview: AgentRuntime['preview'];

  constructor(
    private readonly spec: AgentKindSpec<AgentKind, Config, Settings, Needs>,
    private readonly needs: Needs,
  ) {
    const { kind, keepsSteps = false, preview } = spec;
    this.kind = kind;
    this.keepsSteps = keepsSteps;
    this.preview = preview && ((request) => this.show(preview, request));
  }

  checkConfig(config: unknown): unknown {
    const { spec, needs } = this;
    const checked = this.parse(config);
    try {
      spec.checkConfig?.(checked, needs);
    } catch (error) {
      throw error instanceof AgentError ? new AppError('agent-misconfigured', error.message) : error;
    }
    const { budget } = withoutBudget(config);
    return budget === undefined
      ? checked
      : { ...checked, budget: parseConfig(budgetSchema, spec.kind, budget) };
  }

  problemOf(config: unknown): string | null {
    try {
      this.assertReady({ config, settings: null });
      return null;
    } catch (error) {
      if (error instanceof AgentError || error instanceof AppError) return error.message;
      throw error;
    }
  }

  async check(request: CheckRequest): Promise<AgentFault[]> {
    const { spec, needs } = this;
    const { userId, signal, settings, isThorough = false } = request;
    const setsWatch = spec.kind === 'watch' && settings?.ofTask !== undefined;
    try {
      const parsed = this.assertReady(request);
      return (await spec.checkFarSides?.({ ...parsed, userId, isThorough, signal }, needs)) ?? [];
    } catch (error) {
      const fault = faultOf(error, { setsWatch });
      if (fault === null) throw error;
      return [fault];
    }
  }

  run(request: AgentRequest): Promise<AgentOutcome> {
    return this.work(request).catch(failureOf);
  }

  private async work(request: AgentRequest): Promise<AgentOutcome> {
    const { spec, needs } = this;
    if (request.review !== undefined && !readsWords(spec.kind)) {
      throw new AgentError(
        'review_not_possible',
        'A page watcher cannot check the work of a run. Choose another agent as the reviewer of the task.',
      );
    }
    const config = this.parse(request.config);
    const settings = this.parseSettings(request.settings);
    const farSide = spec.farSideOf?.(config, settings, needs);
    const limit = { timeoutSeconds: config.timeoutSeconds, codePrefix: spec.errorPrefix, farSide };
    const cleaner = cleanerFor([...this.secretsIn(config, settings), ...(spec.secretsOf?.(needs) ?? [])]);
    const checked = { ...request, ...cleanTelling(request, cleaner), config, settings };
    const outcome = await guardRun(request, limit, (signal) =>
      spec.run({ ...checked, signal, prompt: () => promptOf(request, signal) }, needs),
    );
    return cleanOutcome(outcome, cleaner);
  }

  private async show(
    preview: NonNullable<AgentKindSpec<AgentKind, Config, Settings, Needs>['preview']>,
    request: PreviewRequest,
  ): Promise<PreviewOutcome> {
    const limit = { ...PREVIEW_LIMIT, codePrefix: this.spec.errorPrefix };
    const outcome = await guardRun(request, limit, async (signal): Promise<PreviewOutcome> => {
      const config = request.config === null ? null : this.parse(request.config);
      return { kind: 'done', page: await preview({ ...request, config, signal }, this.needs) };
    });
    if (outcome.kind !== 'error') return outcome;
    return cleanFailure(outcome, cleanerFor(this.secretsIn(request.config, request.settings)));
  }

  /** @throws AppError `agent-misconfigured`; AgentError */
  private assertReady({ config: given, settings: asked }: Pick<CheckRequest, 'config' | 'settings'>) {
    const { spec, needs } = this;
    const config = this.parse(given);
    spec.checkConfig?.(config, needs);
    const settings = this.parseSettings(asked?.ofTask);
    spec.assertReady?.(config, needs, asked === null ? undefined : { settings });
    return { config, settings };
  }

  private parse(config: unknown): Config {
    return parseConfig(this.spec.configSchema, this.spec.kind, withoutBudget(config).own);
  }

  private parseSettings(settings: unknown): Settings | undefined {
    const { taskSettingsSchema, kind } = this.spec;
    if (settings === undefined || taskSettingsSchema === undefined) return undefined;
    return parseTaskSettings(taskSettingsSchema, kind, settings);
  }

  private secretsIn(...settings: unknown[]): string[] {
    return settings.flatMap((each) => secretsIn(each, this.spec.secretFields ?? []));
  }
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
