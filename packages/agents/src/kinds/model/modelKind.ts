import { LIMITS, MICRO_USD, storableText, type ToolPolicy } from '@everbeat/domain';
import { writtenForms } from '@everbeat/outgoing';
import { defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome, AgentUsage, RunStep } from '../../port';
import { AgentError } from '../../shared/agentError';
import { assertAddressAllowed } from '../../shared/config';
import { questionOf } from '../../steps/approval';
import { memoryJournal } from '../../steps/memoryJournal';
import { type LoopEnd, runSteps } from '../../steps/stepLoop';
import { askPersonTool } from '../../tools/askPerson';
import type { AgentTool } from '../../tools/port';
import { answerIn, answersOf, callsIn, textIn } from './answer';
import { describeFailure, ModelCalls } from './callModel';
import { checkModelAgent } from './checkAgent';
import { type ModelConfig, modelConfigSchema, modelTaskSettingsSchema } from './config';
import { type DocumentWrites, documentTools } from './documentTools';
import type { FirstInput } from './messages';
import { choiceOf, type ModelSettings, resolveAddress, resolveModel } from './resolveModel';
import { assertVerdict, REVIEWER_SYSTEM, reviewOutcome, verdictTool } from './reviewWork';
import type { ModelRun } from './run';
import { taskTools } from './taskTools';
import { openToolbox } from './toolbox';
import { type Effects, noEffects, reportTools, WAKE_UP_TOOL } from './tools';
import { inTrial } from './trialTools';

const TOOL_ENTRY_CHARS_MAX = 5_000;

/** A language model with the tools of a task, by the Vercel AI SDK. */
export const modelKind = defineAgentKind({
  kind: 'model',
  configSchema: modelConfigSchema,
  taskSettingsSchema: modelTaskSettingsSchema,
  reporting: 'tools',
  maxConcurrency: 32,
  runMb: 4,
  keepsSteps: true,
  secretFields: ['secrets'],
  secretsOf: ({ providers, search }: ModelSettings) =>
    [...Object.values(providers), search].flatMap((each) => each?.apiKey ?? []).flatMap(writtenForms),
  errorPrefix: 'model',
  checkConfig(config, settings) {
    const { baseUrl, addressPolicy } = resolveAddress(config, settings);
    assertAddressAllowed(baseUrl, addressPolicy);
  },
  assertReady: (config, settings, task) =>
    void resolveModel(choiceOf(config, task?.settings?.model), settings),
  checkFarSides: checkModelAgent,
  farSideOf: (config, own, settings) =>
    new URL(resolveAddress(choiceOf(config, own?.model), settings).baseUrl).host,
  run: converse,
});

/** A tool that the person has allowed for this task is not asked about. What is denied stays denied. */
const allowed = (tool: AgentTool, { settings }: ModelRun): AgentTool =>
  tool.policy === 'ask' && tool.isPinned !== false && settings?.allowedTools?.includes(tool.name) === true
    ? { ...tool, policy: 'allow' }
    : tool;

async function converse(run: ModelRun, settings: ModelSettings): Promise<AgentOutcome> {
  if (run.review !== undefined) return await converseWith([], run, settings);
  const toolbox = await openToolbox(run, settings);
  try {
    return await converseWith(toolbox.tools, run, settings);
  } finally {
    await toolbox.close();
  }
}

/** A person may have the writing of documents asked about, or take the documents away altogether. */
function withPolicy(tools: AgentTool[], policy: ToolPolicy = 'allow'): AgentTool[] {
  if (policy === 'deny') return [];
  return tools.map((tool) => (tool.name === 'write_document' ? { ...tool, policy } : tool));
}

async function converseWith(
  worldly: readonly AgentTool[],
  run: ModelRun,
  settings: ModelSettings,
): Promise<AgentOutcome> {
  // Otherwise the library writes warnings about settings that a model ignores to the console.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const { config, signal, emit, clean, steps: journal = memoryJournal() } = run;
  const effects = noEffects();
  const writes: DocumentWrites = { count: 0 };
  const { documents, tasks, operationId } = run;
  const isReview = run.review !== undefined;
  const ofRun = () => [
    ...reportTools(effects).filter(({ name }) => name !== WAKE_UP_TOOL || run.mayChooseWakeUp === true),
    askPersonTool,
    ...(documents === undefined
      ? []
      : withPolicy(documentTools({ documents, tasks, operationId }, writes), config.tools?.documents)),
    ...(tasks === undefined ? [] : taskTools(tasks, config.tools?.tasks)),
    ...worldly,
    ...(settings.tools?.(run) ?? []),
  ];
  const tools = (isReview ? [verdictTool] : ofRun())
    .map((tool) => allowed(tool, run))
    .map((tool) => (run.isTrial ? inTrial(tool) : tool));
  const model = resolveModel(choiceOf(config, run.settings?.model), settings);
  const fallbacks = (config.fallbackModels ?? []).map((name) => ({
    name,
    resolve: () => resolveModel(choiceOf(config, name), settings),
  }));
  const isCapped = run.budget?.leftUsd !== undefined;
  const system = isReview ? REVIEWER_SYSTEM : undefined;
  const calls = new ModelCalls({ model, fallbacks, config, tools, signal, emit, clean, isCapped, system });
  let seen: readonly RunStep[] = [];
  try {
    const end = await runSteps({
      journal,
      tools,
      signal,
      describeFailure,
      isFree: (error) => calls.isFree(error),
      occurrence: run.occurrence,
      toolMsMax: settings.toolMsMax,
      modelCallsMax: isReview ? 1 : config.maxSteps,
      model: {
        get name() {
          return calls.modelName;
        },
        goOnWith: (name) => calls.goOnWith(name),
        costOf: (stepsSoFar, isLast) => calls.costOf(stepsSoFar, isLast),
        async call(stepsSoFar, isLast, reserve) {
          seen = stepsSoFar;
          const answer = await calls.call(stepsSoFar, isLast, reserve);
          seen = stepsSoFar.map((step, place) =>
            place === stepsSoFar.length - 1 ? { ...step, ...answer, status: 'done' } : step,
          );
          // A step that has failed is made again by the next attempt; one that is done would be kept.
          if (isReview) assertVerdict(seen, answer.usage);
          return answer;
        },
        callsOf: (result) => callsIn(answerIn(result)),
      },
      firstInput: async (): Promise<FirstInput> => ({ prompt: await run.prompt() }),
      onToolEnd: (step, output) => emit({ role: 'tool', content: shownCall(step, output) }),
    });
    if (end.kind === 'waiting')
      return { kind: 'waiting', question: questionOf(end.step, tools, run.taskIdentifier) };
    if (end.kind === 'budget') return outOfBudget(end, effects);
    if (end.kind === 'yielded') return { kind: end.kind };
    return isReview
      ? { ...reviewOutcome(end.steps), usage: usageOf(end.steps) }
      : answerOf(end.steps, { effects, writes, isWithoutTools: calls.isWithoutTools }, config);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    const usage = usageOf(seen);
    const said = calls.shownText || lastText(seen);
    const content = said === '' ? undefined : said;
    throw new AgentError(error.code, error.message, { usage, content, ...error.details });
  }
}

/** A run for which a cap leaves no room ends with what it has. */
const outOfBudget = (
  { steps, full }: Extract<LoopEnd, { kind: 'budget' }>,
  effects: Effects,
): AgentOutcome => ({
  kind: 'budget',
  full,
  content: lastText(steps),
  ...effects,
  usage: usageOf(steps),
});

function shownCall({ name, input, status }: RunStep, output: string): string {
  const said = status === 'done' || status === 'unknown' ? output : `refused: ${output}`;
  return storableText(`${name}(${JSON.stringify(input) ?? ''}) → ${said}`, TOOL_ENTRY_CHARS_MAX);
}

/** The text of the last answer that has any. */
const lastText = (steps: readonly RunStep[]): string =>
  answersOf(steps)
    .map(textIn)
    .findLast((text) => text !== '') ?? '';

/**
 * What all calls of models in the run have used, each at its own price. The cost is known if that of each
 * call is.
 */
function usageOf(steps: readonly RunStep[]): AgentUsage {
  const calls = steps.flatMap(({ usage }) => (usage === null ? [] : [usage]));
  const sum = (field: keyof AgentUsage): number =>
    calls.reduce((total, usage) => total + (usage[field] ?? 0), 0);
  const isPriced = calls.length > 0 && calls.every(({ costUsd }) => costUsd !== undefined);
  return {
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    ...(sum('cachedInputTokens') > 0 && { cachedInputTokens: sum('cachedInputTokens') }),
    ...(sum('cacheWriteTokens') > 0 && { cacheWriteTokens: sum('cacheWriteTokens') }),
    ...(isPriced && { costUsd: Math.round(sum('costUsd') * MICRO_USD) / MICRO_USD }),
  };
}

/** @throws AgentError `model_no_answer` */
function answerOf(
  steps: readonly RunStep[],
  { effects, writes, isWithoutTools }: { effects: Effects; writes: DocumentWrites; isWithoutTools: boolean },
  config: ModelConfig,
): AgentOutcome {
  const answers = answersOf(steps);
  const finishReason = answers.at(-1)?.finishReason;
  const text = lastText(steps);
  if (finishReason === 'content-filter') {
    throw new AgentError(
      'model_no_answer',
      "The provider's filter withheld the answer. Rephrase the instruction.",
    );
  }
  const end = endOf(finishReason, answers.length, { maxSteps: config.maxSteps, isWithoutTools });
  if (text === '' && writes.count === 0 && !hasAny(effects)) {
    throw new AgentError(
      'model_no_answer',
      end?.note ??
        `The model ended without an answer (${finishReason ?? 'no reason given'}). Raise maxOutputTokens or choose another model.`,
    );
  }
  const said = text || 'The model answered with tool calls only.';
  const note = end === null ? '' : `\n\n_(${end.note})_`;
  return {
    kind: 'done',
    content: `${storableText(said, LIMITS.contentCharsMax - note.length)}${note}`,
    ...(end?.title === undefined ? {} : { title: end.title }),
    ...effects,
    usage: usageOf(steps),
  };
}

/** What a person should know about how an answer ended; null: it is whole. */
function endOf(
  finishReason: string | undefined,
  answers: number,
  { maxSteps, isWithoutTools }: { maxSteps: number; isWithoutTools: boolean },
): { note: string; title?: string } | null {
  if (finishReason === 'length')
    return { note: "The answer ends here because the model's output limit was reached." };
  if (isWithoutTools && answers > 1) {
    return { note: 'The model that was asked last takes no tools, so what needed them may be unfinished.' };
  }
  if (answers < maxSteps) return null;
  if (finishReason === 'tool-calls') {
    const title = `Not finished: the model was still at work when its ${maxSteps} steps were used up`;
    return {
      title,
      note: `${title}. Raise maxSteps (at most ${LIMITS.modelCallsPerRunMax}) or give it less to do.`,
    };
  }
  return maxSteps === 1
    ? null
    : {
        note: `All ${maxSteps} steps of this run were used, so its work may be unfinished. Raise maxSteps (at most ${LIMITS.modelCallsPerRunMax}) to let it go on for longer.`,
      };
}

const hasAny = ({ briefs, comments, subtasks, goalMet, nextRunInSeconds }: Effects): boolean =>
  briefs.length + comments.length + subtasks.length > 0 || goalMet || nextRunInSeconds !== undefined;
