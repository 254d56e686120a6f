import { LIMITS, storableText } from '@everbeat/domain';
import { stepCountIs, streamText } from 'ai';
import type { AgentOutcome, AgentRequest, AgentRuntime } from '../../port';
import { AgentError, failureOf } from '../../shared/agentError';
import { assertAddressAllowed, parseConfig } from '../../shared/config';
import { guardRun, promptOf } from '../../shared/guardRun';
import { type ModelConfig, modelConfigSchema } from './config';
import { Conversation } from './conversation';
import { modelError } from './errors';
import { type ModelSettings, resolveAddress, resolveModel } from './resolveModel';
import { systemText } from './system';
import { createTools, type Effects, noEffects } from './tools';

const RETRIES_MAX = 2;

/** A language model with the tools of a task, by the Vercel AI SDK. */
export function createModelRuntime(settings: ModelSettings): AgentRuntime {
  // The library would write its warnings on settings that a model ignores to the console.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const parse = (config: unknown) => parseConfig(modelConfigSchema, 'model', config);
  return {
    kind: 'model',
    checkConfig(config) {
      const checked = parse(config);
      const { baseUrl, addressPolicy } = resolveAddress(checked, settings);
      assertAddressAllowed(baseUrl, addressPolicy);
      return checked;
    },
    async run(request) {
      try {
        const config = parse(request.config);
        const limit = { timeoutSeconds: config.timeoutSeconds, codePrefix: 'model' };
        return await guardRun(request, limit, (signal) => converse(request, config, settings, signal));
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

async function converse(
  request: AgentRequest,
  config: ModelConfig,
  settings: ModelSettings,
  signal: AbortSignal,
): Promise<AgentOutcome> {
  const { model, secrets } = resolveModel(config, settings);
  const prompt = await promptOf(request, signal);
  const effects = noEffects();
  const conversation = new Conversation(request.emit);
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
      // The error comes in the stream as well; without this the library writes it to the console.
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
      "The provider's filter withheld the answer. Put the instruction differently.",
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
  const { briefs, comments, subtasks, goalMet, nextRunInSeconds } = effects;
  return {
    kind: 'done',
    content: storableText(
      `${text || 'The model answered with its tools alone.'}${cut}`,
      LIMITS.contentCharsMax,
    ),
    briefs,
    comments,
    subtasks,
    goalMet,
    nextRunInSeconds,
    usage: conversation.usage(config.pricing),
  };
}

const hasAny = ({ briefs, comments, subtasks, goalMet, nextRunInSeconds }: Effects): boolean =>
  briefs.length + comments.length + subtasks.length > 0 || goalMet || nextRunInSeconds !== undefined;
