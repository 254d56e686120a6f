import type { AgentRequest } from '../../port';
import { AgentError } from '../../shared/agentError';
import type { ResolvedModel } from './resolveModel';

/** A model that may be asked. `resolve` throws an AgentError if it cannot be called. */
export interface Candidate {
  name: string;
  resolve(): ResolvedModel;
}

/**
 * Which model answers a run at present, and whether it is given tools: the agent's own, then each of its
 * fallback models. What changes is said in the transcript.
 */
export class AnsweringModel {
  private model: ResolvedModel;
  private isGivenTools = true;
  private readonly candidates: readonly Candidate[];
  /** Those that did not answer this process, by their names. */
  private readonly asked = new Set<string>();
  /** The first that takes no tools, while others that may take them are asked. */
  private withoutTools: ResolvedModel | null = null;

  constructor(
    private readonly own: ResolvedModel,
    fallbacks: readonly Candidate[],
    private readonly emit: AgentRequest['emit'],
  ) {
    this.model = own;
    this.candidates = [{ name: own.name, resolve: () => own }, ...fallbacks];
  }

  get current(): ResolvedModel {
    return this.model;
  }

  get hasTools(): boolean {
    return this.isGivenTools;
  }

  /**
   * Another process had its last answer from this model. One that cannot be called any more is passed over.
   */
  goOnWith(name: string): void {
    const candidate = this.candidates.find((each) => each.name === name);
    if (candidate === undefined || name === this.model.name) return;
    try {
      this.model = candidate.resolve();
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
    }
  }

  /** The model did not answer. False: there is no other that can be asked. */
  passOver({ code }: AgentError): boolean {
    return this.askNext(`did not answer (${code})`) || this.askWithoutTools();
  }

  /**
   * The model takes no tools. The agent's own was chosen so, and its run begins without them. In any other
   * place the run needs tools, or may have them: each model that is left is asked before, and only then does
   * this one end the run with a report of what there is.
   */
  refuseTools(isFirstCall: boolean): void {
    this.withoutTools ??= this.model;
    const isOwnChoice = isFirstCall && this.model.name === this.own.name;
    if (!isOwnChoice && this.askNext('takes no tools')) return;
    this.askWithoutTools();
  }

  private askWithoutTools(): boolean {
    if (this.withoutTools === null) return false;
    this.model = this.withoutTools;
    this.withoutTools = null;
    this.isGivenTools = false;
    this.emit({
      role: 'tool',
      content: `${this.model.name} takes no tools, so it is asked without them. It can write a report of what there is, and do nothing more.`,
    });
    return true;
  }

  private askNext(why: string): boolean {
    this.asked.add(this.model.name);
    for (const { name, resolve } of this.candidates) {
      if (this.asked.has(name)) continue;
      this.asked.add(name);
      try {
        const next = resolve();
        this.emit({ role: 'tool', content: `${this.model.name} ${why}, so ${name} is asked instead.` });
        this.model = next;
        this.isGivenTools = true;
        return true;
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        this.emit({ role: 'tool', content: `${name} cannot be asked instead. ${error.message}` });
      }
    }
    return false;
  }
}
