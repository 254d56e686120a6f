import { type KindSettings, LIMITS, storableText } from '@everbeat/domain';
import { stepCountIs, streamText } from 'ai';
import { type AgentRun, defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import { AgentError } from '../../shared/agentError';
import { assertAddressAllowed } from '../../shared/config';
import { type ModelConfig, modelConfigSchema, STEPS_MAX } from './config';
import { Conversation } from './conversation';
import { isRefusalOfTools, modelError } from './errors';
import { type ModelSettings, resolveAddress, resolveModel } from './resolveModel';
import { systemText } from './system';
import { createTools, type Effects, noEffects } from './tools';

const RETRIES_MAX = 2;

/** A language model with the tools of a task, by the Vercel AI SDK. */
export const modelKind = defineAgentKind({
  kind: 'model',
  configSchema: modelConfigSchema,
  reporting: 'tools',
  maxConcurrency: 32,
  runMb: 4,
  errorPrefix: 'model',
  checkConfig(config, settings: ModelSettings) {
    const { baseUrl, addressPolicy } = resolveAddress(config, settings);
    assertAddressAllowed(baseUrl, addressPolicy);
  },
  assertReady: (config, settings) => void resolveModel(config, settings),
  farSideOf: (config, _settings, settings) => new URL(resolveAddress(config, settings).baseUrl).host,
  run: converse,
});

type ModelRun = AgentRun<ModelConfig, KindSettings>;

async function converse(run: ModelRun, settings: ModelSettings): Promise<AgentOutcome> {
  // Otherwise the library writes warnings about settings that a model ignores to the console.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const { config, signal } = run;
  const { model, provider } = resolveModel(config, settings);
  const prompt = await run.prompt();
  const effects = noEffects();
  const conversation = new Conversation(run.emit);
  const ask = async (hasTools: boolean): Promise<void> => {
    const { fullStream } = streamText({
      model,
      system: systemText(config.system, { hasTools }),
      // A model that knows that this is its last step reports what it has, instead of going on.
      prepareStep: ({ stepNumber }) =>
        stepNumber > 0 && stepNumber === config.maxSteps - 1
          ? { system: systemText(config.system, { hasTools, isLastStep: true }) }
          : {},
      prompt,
      tools: hasTools ? createTools(effects) : {},
      stopWhen: stepCountIs(config.maxSteps),
      maxRetries: RETRIES_MAX,
      abortSignal: signal,
      temperature: config.temperature,
      maxOutputTokens: config.maxOutputTokens,
      includeRawChunks: true,
      // The stream reports the error too; without this the library also writes it to the console.
      onError: () => {},
    });
    for await (const part of fullStream) conversation.take(part);
    signal.throwIfAborted();
  };
  try {
    await ask(true).catch(async (error: unknown) => {
      if (conversation.hasBegun || signal.aborted || !isRefusalOfTools(error)) throw error;
      run.emit({ role: 'tool', content: NO_TOOLS });
      await ask(false);
    });
    return answerOf(conversation, effects, config);
  } catch (error) {
    const fault = modelError(signal.aborted ? signal.reason : error, provider);
    const content = conversation.text === '' ? undefined : conversation.text;
    const usage = conversation.usage(config.pricing);
    throw new AgentError(fault.code, fault.message, { ...fault.details, usage, content });
  }
}

const NO_TOOLS =
  'This model takes no tools, so it was asked without them. It can write a report, but leave no briefs, comments or subtasks.';

/** @throws AgentError `model_no_answer` */
function answerOf(conversation: Conversation, effects: Effects, config: ModelConfig): AgentOutcome {
  const { finishReason, text } = conversation;
  if (finishReason === 'content-filter') {
    throw new AgentError(
      'model_no_answer',
      "The provider's filter withheld the answer. Rephrase the instruction.",
    );
  }
  const end = endOf(conversation, config);
  if (text === '' && !hasAny(effects)) {
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
    usage: conversation.usage(config.pricing),
  };
}

/** What a person should know about how an answer ended; null: it is whole. */
function endOf(
  { finishReason, steps }: Conversation,
  { maxSteps }: ModelConfig,
): { note: string; title?: string } | null {
  if (finishReason === 'length')
    return { note: "The answer ends here because the model's output limit was reached." };
  if (steps < maxSteps) return null;
  if (finishReason === 'tool-calls') {
    const title = `Not finished: the model was still at work when its ${maxSteps} steps were used up`;
    return { title, note: `${title}. Raise maxSteps (at most ${STEPS_MAX}) or give it less to do.` };
  }
  return maxSteps === 1
    ? null
    : {
        note: `All ${maxSteps} steps of this run were used, so its work may be unfinished. Raise maxSteps (at most ${STEPS_MAX}) to let it go on for longer.`,
      };
}

const hasAny = ({ briefs, comments, subtasks, goalMet, nextRunInSeconds }: Effects): boolean =>
  briefs.length + comments.length + subtasks.length > 0 || goalMet || nextRunInSeconds !== undefined;
