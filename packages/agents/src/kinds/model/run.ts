import type { AgentRun } from '../../agentKindSpec';
import type { ModelConfig, ModelTaskSettings } from './config';

/** One run of a model agent. */
export type ModelRun = AgentRun<ModelConfig, ModelTaskSettings>;
