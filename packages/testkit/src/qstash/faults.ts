import type { QStashMessage } from './records';

export interface FaultScope {
  /** Which messages are affected; default all. */
  matching?: (message: QStashMessage) => boolean;
  /** How many times; default once. */
  times?: number;
}

export type DeliveryFault =
  /** The message is lost: never delivered, never retried. */
  | { kind: 'drop' }
  /** Delivered twice at the same time. */
  | { kind: 'double' }
  /** Delivered later. */
  | { kind: 'delay'; delayMs: number }
  /** Held back until `count` messages are, then delivered in reverse order. */
  | { kind: 'reorder'; count: number };

/**
 * `refuse`: status 500; `reset`: the connection breaks before, `lose-answer`: after the message is accepted.
 */
export type PublishFault = 'refuse' | 'reset' | 'lose-answer';

interface DeliveryRule {
  fault: DeliveryFault;
  matching: (message: QStashMessage) => boolean;
  timesLeft: number;
}

/** The faults requested by a test. They are injected in the order in which they were requested. */
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

  /** Removes all faults. */
  clear(): void {
    this.deliveryRules = [];
    this.publishRules = [];
  }

  /** Takes the next fault that applies to this delivery, if any. */
  takeForDelivery(message: QStashMessage): DeliveryFault | null {
    const rule = this.deliveryRules.find(({ timesLeft, matching }) => timesLeft > 0 && matching(message));
    if (rule === undefined) return null;
    rule.timesLeft -= 1;
    return rule.fault;
  }

  /** Takes the next fault for a publication, if any. */
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
