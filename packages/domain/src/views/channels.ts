import type {
  ChannelKind,
  ChannelRules,
  DeliveryReason,
  DeliveryStatus,
  NewsKind,
  QuietHours,
  TaskRules,
} from '../notifications';

export interface ChannelView {
  id: string;
  kind: ChannelKind;
  name: string;
  /** Its secrets are masked. */
  config: Record<string, unknown>;
  rules: ChannelRules;
  isEnabled: boolean;
  /** In the zone of its owner. Null: it is never quiet. */
  quietHours: QuietHours | null;
  coolDownMinutes: number;
  /** Since when nothing has arrived, although something was sent. Null: the last message has arrived. */
  failingSince: Date | null;
  /** What was wrong last, with the remedy. */
  problem: string | null;
  lastSentAt: Date | null;
  /** How answers come back that are given in its messages. Null: by links alone. */
  receiving: ChannelReceiving | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface ChannelReceiving {
  /** Whether this server hears of buttons that are pressed. Until then, messages have links. */
  isOn: boolean;
  /** Why it does not, with the remedy. */
  problem: string | null;
  /** Where the service is told to report to. Null: it is asked. */
  requestUrl: string | null;
}

/** What a channel does for one task: its own rules, with what was chosen otherwise for the task. */
export interface ChannelOfTaskView {
  channelId: string;
  kind: ChannelKind;
  name: string;
  isEnabled: boolean;
  rules: ChannelRules;
  /** What was chosen for this task alone. */
  taskRules: TaskRules;
}

export interface DeliveryView {
  id: string;
  channelId: string;
  briefId: string;
  taskId: string;
  taskIdentifier: string;
  /** The title of the brief. */
  title: string;
  kind: NewsKind;
  /** The first, second, … event of its brief for this channel. */
  number: number;
  status: DeliveryStatus;
  /** Why it waits, or how it ended. */
  reason: DeliveryReason | null;
  attempts: number;
  /** When a pending one is looked at next. */
  dueAt: Date;
  attemptedAt: Date | null;
  sentAt: Date | null;
  /** What the far side calls the message. */
  externalId: string | null;
  error: string | null;
  createdAt: Date;
}
