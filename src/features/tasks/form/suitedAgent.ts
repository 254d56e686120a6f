import { type AgentKind, type AgentView, addressesMeant, readsWords } from '@everbeat/domain';

type Candidate = Pick<AgentView, 'id' | 'kind' | 'problem'>;

const SHAPE =
  /^(https?:\/\/\S+|localhost(:\d+)?(\/\S*)?|([\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*(\.\p{L}{2,}|:\d+)|(\d{1,3}\.){3}\d{1,3})([/?#]\S*)?)$/iu;

/** Whether a text is the address of a page and nothing else. */
export function isAddress(text: string): boolean {
  const typed = text.trim();
  return SHAPE.test(typed) && addressesMeant(typed).length > 0;
}

const suits = (kind: AgentKind, text: string): boolean =>
  isAddress(text) ? kind === 'watch' : readsWords(kind);

/**
 * The agent for what a person has typed: for an address one that watches pages, for words one that reads
 * them. The present one stays if it will do. Undefined: nothing is typed, or no agent that can run would do.
 */
export function suitedAgent<Agent extends Candidate>(
  agents: readonly Agent[],
  text: string,
  presentId: string,
): Agent | undefined {
  if (text.trim() === '') return undefined;
  const fit = agents.filter(({ kind, problem }) => problem === null && suits(kind, text));
  return fit.find(({ id }) => id === presentId) ?? fit[0];
}
