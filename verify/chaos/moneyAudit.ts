import { costMicroUsd, type ModelPrice } from '@everbeat/domain';
import type { Facts } from './databaseMonitor';
import type { Finding } from './finding';
import { type ModelRecords, markIn } from './modelAudit';
import type { ModelAnswer } from './modelServer';

/** What the models cost: so much that the caps of their tasks are reached within seconds. */
export const MODEL_PRICE: ModelPrice = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };

/** What the provider asks for an answer, in micro-dollars. */
const owed = ({ usage }: ModelAnswer): number =>
  usage === null
    ? 0
    : costMicroUsd(MODEL_PRICE, { inputTokens: usage.promptTokens, outputTokens: usage.completionTokens });

/**
 * Compares what the provider of the models asks for its answers with what was counted, after all runs have
 * ended.
 */
export function auditMoney(facts: Facts, { answers }: Pick<ModelRecords, 'answers'>): Finding[] {
  const owedOf = new Map(answers.map((answer) => [answer.mark, owed(answer)]));
  const owedInAll = answers.reduce((sum, answer) => sum + owed(answer), 0);
  const budgetStops = facts.operations.filter(
    ({ status, agentKind }) => status === 'budget' && agentKind === 'model',
  );
  return [
    {
      what: 'calls of models that were counted otherwise than their provider reported',
      cases: facts.steps.flatMap((step) => {
        const micros =
          step.kind === 'model' && step.status === 'done' ? owedOf.get(markIn(step) ?? '') : undefined;
        return micros === undefined || micros === step.spentMicros
          ? []
          : [`${step.occurrence}: ${micros} owed, ${step.spentMicros} counted`];
      }),
    },
    {
      // A call that nobody has reported counts as its worst case, so it may be more.
      what: 'money that the provider of models is owed and nobody has counted',
      cases:
        facts.modelMicros >= owedInAll
          ? []
          : [`${owedInAll} micro-dollars owed, ${facts.modelMicros} counted`],
    },
    {
      what: 'caps that were never reached, so that nothing shows that they hold',
      cases: answers.length > 0 && budgetStops.length === 0 ? ['every cap'] : [],
    },
  ];
}
