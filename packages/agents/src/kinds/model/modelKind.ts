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
  const isUsedUp = finishReason === 'tool-calls' && conversation.steps >= config.maxSteps;
  if (text === '' && !hasAny(effects)) {
    throw new AgentError(
      'model_no_answer',
      isUsedUp
        ? `The model was still at work when its ${config.maxSteps} steps were used up. Raise maxSteps (at most ${STEPS_MAX}) or give it less to do.`
        : `The model ended without an answer (${finishReason ?? 'no reason given'}). Raise maxOutputTokens or choose another model.`,
    );
  }
  const cut = isUsedUp
    ? `\n\n_(Not finished: the model was still at work when its ${config.maxSteps} steps were used up. Raise maxSteps to let it go on.)_`
    : finishReason === 'length'
      ? "\n\n_(The answer ends here because the model's output limit was reached.)_"
      : '';
  const said = text || 'The model answered with tool calls only.';
  return {
    kind: 'done',
    content: `${storableText(said, LIMITS.contentCharsMax - cut.length)}${cut}`,
    ...effects,
    usage: conversation.usage(config.pricing),
  };
}

const hasAny = ({ briefs, comments, subtasks, goalMet, nextRunInSeconds }: Effects): boolean =>
  briefs.length + comments.length + subtasks.length > 0 || goalMet || nextRunInSeconds !== undefined;
