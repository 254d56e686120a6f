import type { QStashMessage } from './records';

export interface FaultScope {
  /** Which messages; all unless told. */
  matching?: (message: QStashMessage) => boolean;
  /** How often; once unless told. */
  times?: number;
}

export type DeliveryFault =
  /** The message vanishes: never sent, never retried. */
  | { kind: 'drop' }
  /** Sent twice at once. */
  | { kind: 'double' }
  /** Sent this much later. */
  | { kind: 'delay'; delayMs: number }
  /** Kept back until `count` messages are, then sent in reverse order. */
  | { kind: 'reorder'; count: number };

/** `refuse`: status 500; `reset`: the connection breaks first; `lose-answer`: it breaks after the message was taken. */
export type PublishFault = 'refuse' | 'reset' | 'lose-answer';

interface DeliveryRule {
  fault: DeliveryFault;
  matching: (message: QStashMessage) => boolean;
  timesLeft: number;
}

/** What is to go wrong, on request. The rule that was asked for first applies first. */
export class Faults {
  private deliveryRules: DeliveryRule[] = [];
  private publishRules: { fault: PublishFault; timesLeft: number }[] = [];

  drop(scope?: FaultScope): void {
    this.addDeliveryRule({ kind: 'drop' }, scope);
  }

  double(scope?: FaultScope): void {
    this.addDeliveryRule({ kind: 'double' }, scope);
  }

  delay(delayMs: number, scope?: FaultScope): void {
    this.addDeliveryRule({ kind: 'delay', delayMs }, scope);
  }

  reorder(count: number, { matching }: Pick<FaultScope, 'matching'> = {}): void {
    this.addDeliveryRule({ kind: 'reorder', count }, { matching, times: count });
  }

  refusePublish({ times = 1, how = 'refuse' }: { times?: number; how?: PublishFault } = {}): void {
    this.publishRules.push({ fault: how, timesLeft: times });
  }

  /** From now on nothing goes wrong. */
  clear(): void {
    this.deliveryRules = [];
    this.publishRules = [];
  }

  /** Uses up one fault for this delivery, if there is any. */
  takeForDelivery(message: QStashMessage): DeliveryFault | null {
    const rule = this.deliveryRules.find(({ timesLeft, matching }) => timesLeft > 0 && matching(message));
    if (rule === undefined) return null;
    rule.timesLeft -= 1;
    return rule.fault;
  }

  /** Uses up one fault for this publication, if there is any. */
  takeForPublish(): PublishFault | null {
    const rule = this.publishRules.find(({ timesLeft }) => timesLeft > 0);
    if (rule === undefined) return null;
    rule.timesLeft -= 1;
    return rule.fault;
  }

  private addDeliveryRule(fault: DeliveryFault, { matching = () => true, times = 1 }: FaultScope = {}): void {
    this.deliveryRules.push({ fault, matching, timesLeft: times });
  }
}
