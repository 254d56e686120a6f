import {
  type AgentFault,
  type Cure,
  MODEL_PROVIDER_FACTS,
  type OfferedModel,
  type ProviderVerdict,
} from '@everbeat/domain';
import type { KindCheck } from '../../agentKindSpec';
import { untilAborted } from '../../shared/guardRun';
import { checkReachable } from '../../shared/reachable';
import type { ModelConfig, ModelTaskSettings } from './config';
import { checkProvider } from './providers/checkProvider';
import {
  type CheckedMcpServer,
  choiceOf,
  type ModelEndpoint,
  type ModelSettings,
  resolveEndpoint,
} from './resolveModel';
import type { ServerTools } from './toolsConfig';

type Check = KindCheck<ModelConfig, ModelTaskSettings>;

/**
 * Whether the provider of the agent's model answers and takes the key, and whether its servers of tools do. A
 * list of models is asked for, which costs nothing, and never a completion. A server without a key, which may
 * be anything that somebody has written to answer completions, is asked for it only where the check is
 * thorough.
 */
export async function checkModelAgent(check: Check, settings: ModelSettings): Promise<AgentFault[]> {
  const servers = check.config.tools?.mcp ?? [];
  const faults = await Promise.all([
    checkModel(check, settings),
    ...servers.map((server) => checkServer(server, check, settings)),
  ]);
  return faults.flat();
}

/**
 * Where the fault of a provider is corrected, and what it means for runs. Some servers that answer for models
 * have no list of them, so that says nothing.
 */
const FAULTS: Record<ProviderVerdict, Pick<AgentFault, 'verdict' | 'cure'> | null> = {
  ready: null,
  'not-a-provider': null,
  'key-refused': { verdict: 'reauth-required', cure: 'open-models' },
  'secrets-unreadable': { verdict: 'reauth-required', cure: 'open-models' },
  'address-refused': { verdict: 'forbidden', cure: 'open-models' },
  'rate-limited': { verdict: 'unavailable', cure: 'open-models' },
  unavailable: { verdict: 'unavailable', cure: 'open-models' },
  unreachable: { verdict: 'unavailable', cure: 'open-models' },
};

async function checkModel(
  { config, settings, signal, isThorough }: Check,
  own: ModelSettings,
): Promise<AgentFault[]> {
  const endpoint = resolveEndpoint(choiceOf(config, settings?.model), own);
  const { baseUrl, addressPolicy, provider } = endpoint;
  // The address of an agent's own server is set there.
  const cureOf = (cure: Cure): Cure => (config.baseUrl === undefined ? cure : 'open-agent');
  if (!isThorough && provider === 'openai-compatible' && endpoint.apiKey === '') {
    const faults = await checkReachable(baseUrl, { addressPolicy, codePrefix: 'model', signal });
    return faults.map((fault) => ({ ...fault, cure: cureOf('open-models') }));
  }
  const { host } = new URL(baseUrl);
  try {
    const { verdict, message, models } = await checkProvider(endpoint, signal);
    const fault = FAULTS[verdict];
    if (fault !== null) return [{ ...fault, cure: cureOf(fault.cure), problem: message ?? verdict }];
    return verdict === 'ready' && isMissing(endpoint, models) ? [missing(endpoint)] : [];
  } catch (error) {
    if (!signal.aborted) throw error;
    return [
      { verdict: 'unavailable', problem: `${host} did not answer in time.`, cure: cureOf('open-models') },
    ];
  }
}

/**
 * Whether the provider has no such model. Only where its list is known to name every model as it is called:
 * others also answer to short names, or list a part.
 */
function isMissing({ provider, model }: ModelEndpoint, models: readonly OfferedModel[]): boolean {
  const names = new Set(models.map(({ id }) => id));
  if (provider === 'ollama') return !names.has(model) && !names.has(`${model}:latest`);
  return provider === 'openrouter' && !names.has(model) && !names.has(model.replace(/:[^/]*$/, ''));
}

const missing = ({ provider, model }: ModelEndpoint): AgentFault => ({
  verdict: 'misconfigured',
  problem: `${MODEL_PROVIDER_FACTS[provider].label} has no model ${model}. ${provider === 'ollama' ? `Run "ollama pull ${model}" there, or choose another.` : 'Choose another.'}`,
  cure: 'open-agent',
});

const TOO_SLOW: CheckedMcpServer = {
  name: '',
  verdict: 'unavailable',
  tools: null,
  problem: 'A server of tools that this agent uses did not answer in time.',
};

async function checkServer(
  { serverId, tools = {} }: ServerTools,
  { userId, signal }: Check,
  { checkMcpServer }: ModelSettings,
): Promise<AgentFault[]> {
  if (checkMcpServer === undefined) return [];
  // Its own check goes on and records what it finds, for as long as a slow server may take to begin.
  const checked = await untilAborted(checkMcpServer(userId, serverId), signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return TOO_SLOW;
  });
  if (checked === null) {
    return [
      {
        verdict: 'misconfigured',
        problem: 'A server of tools that this agent uses was deleted. Choose others for it.',
        cure: 'open-agent',
      },
    ];
  }
  const { name, verdict, problem, tools: offered } = checked;
  if (verdict !== 'ready')
    return [{ verdict, problem: problem ?? `${name}: ${verdict}`, cure: 'open-servers' }];
  const gone = Object.entries(tools)
    .filter(([tool, policy]) => policy !== 'deny' && offered?.includes(tool) === false)
    .map(([tool]) => tool);
  return gone.length === 0
    ? []
    : [
        {
          verdict: 'misconfigured',
          problem: `The server ${name} no longer has these tools, which this agent is to call: ${gone.join(', ')}. Take them from the agent, or have the server offer them again.`,
          cure: 'open-agent',
        },
      ];
}
