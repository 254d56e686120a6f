import { type KindSettings, LIMITS, storableText } from '@everbeat/domain';
import { stepCountIs, streamText } from 'ai';
import { type AgentRun, defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import { AgentError } from '../../shared/agentError';
import { assertAddressAllowed } from '../../shared/config';
import { type ModelConfig, modelConfigSchema } from './config';
import { Conversation } from './conversation';
import { modelError } from './errors';
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
  errorPrefix: 'model',
  checkConfig(config, settings: ModelSettings) {
    const { baseUrl, addressPolicy } = resolveAddress(config, settings);
    assertAddressAllowed(baseUrl, addressPolicy);
  },
  run: converse,
});

async function converse(
  { config, signal, prompt: buildPrompt, emit }: AgentRun<ModelConfig, KindSettings>,
  settings: ModelSettings,
): Promise<AgentOutcome> {
  // Otherwise the library writes warnings about settings that a model ignores to the console.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const { model, secrets } = resolveModel(config, settings);
  const prompt = await buildPrompt();
  const effects = noEffects();
  const conversation = new Conversation(emit);
  try {
    const { fullStream } = streamText({
      model,
      system: systemText(config.system),
      prompt,
      tools: createTools(effects),
      stopWhen: stepCountIs(config.maxSteps),
      maxRetries: RETRIES_MAX,
      abortSignal: signal,
      temperature: config.temperature,
      maxOutputTokens: config.maxOutputTokens,
      // The stream reports the error too; without this the library also writes it to the console.
      onError: () => {},
    });
    for await (const part of fullStream) conversation.take(part);
    signal.throwIfAborted();
    return answerOf(conversation, effects, config);
  } catch (error) {
    const fault = modelError(signal.aborted ? signal.reason : error, secrets);
    const content = conversation.text === '' ? undefined : conversation.text;
    throw new AgentError(fault.code, fault.message, { usage: conversation.usage(config.pricing), content });
  }
}

/** @throws AgentError `model_no_answer` */
function answerOf(conversation: Conversation, effects: Effects, config: ModelConfig): AgentOutcome {
  const { finishReason, text } = conversation;
  if (finishReason === 'content-filter') {
    throw new AgentError(
      'model_no_answer',
      "The provider's filter withheld the answer. Rephrase the instruction.",
    );
  }
  if (text === '' && !hasAny(effects)) {
    throw new AgentError(
      'model_no_answer',
      `The model ended without an answer (${finishReason ?? 'no reason given'}). Raise maxOutputTokens or choose another model.`,
    );
  }
  const cut =
    finishReason === 'length'
      ? "\n\n_(The answer ends here because the model's output limit was reached.)_"
      : '';
  return {
    kind: 'done',
    content: storableText(
      `${text || 'The model answered with tool calls only.'}${cut}`,
      LIMITS.contentCharsMax,
    ),
    ...effects,
    usage: conversation.usage(config.pricing),
  };
}

const hasAny = ({ briefs, comments, subtasks, goalMet, nextRunInSeconds }: Effects): boolean =>
  briefs.length + comments.length + subtasks.length > 0 || goalMet || nextRunInSeconds !== undefined;
