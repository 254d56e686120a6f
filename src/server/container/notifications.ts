import { AnswerLinkService } from '../services/answers/AnswerLinkService';
import { ChannelService } from '../services/channels/ChannelService';
import { PushKeys } from '../services/channels/PushKeys';
import { DeliveryService } from '../services/deliveries/DeliveryService';
import { OpenMessages } from '../services/deliveries/OpenMessages';
import type { DeliveryQueue } from '../services/deliveries/ports';
import { BotPolls } from '../services/receiving/BotPolls';
import { BotWebhooks } from '../services/receiving/BotWebhooks';
import { ChatAnswers } from '../services/receiving/ChatAnswers';
import { SlackPresses } from '../services/receiving/SlackPresses';
import type { TaskLifecycleService } from '../services/taskLifecycle/TaskLifecycleService';
import type { TaskService } from '../services/tasks/TaskService';
import {
  callsOf,
  createBot,
  createMessageCloser,
  createMessageSender,
  createTakesPresses,
  hasReports,
  isPublic,
} from './channels';
import type { Foundation } from './foundation';
import type { ContainerParts } from './parts';

interface NotificationDeps {
  lifecycle: Pick<TaskLifecycleService, 'resolveBrief'>;
  tasks: Pick<TaskService, 'comment'>;
  queue: DeliveryQueue | null;
}

/** How news finds its person, and how the person answers from there. */
export function createNotifications(
  foundation: Foundation,
  parts: ContainerParts,
  { lifecycle, tasks, queue }: NotificationDeps,
) {
  const { env } = foundation;
  const pushKeys = new PushKeys(foundation);
  const sender = parts.sender ?? createMessageSender(env, pushKeys);
  const answers = new AnswerLinkService({
    ...foundation,
    resolve: (userId, answer) => lifecycle.resolveBrief(userId, answer),
    tellAnswered: () => deliveries.tellAnswered(),
  });
  const deliveries = new DeliveryService({
    ...foundation,
    sender,
    queue,
    linksFor: answers.linksFor.bind(answers),
    takesPresses: createTakesPresses(foundation),
    openMessages: new OpenMessages({ ...foundation, closer: createMessageCloser(env) }),
  });
  const receiving = {
    ...foundation,
    chat: new ChatAnswers({ ...foundation, answers, comment: tasks.comment.bind(tasks) }),
    createBot: createBot(env),
  };
  const bots = new BotPolls(receiving);
  const botWebhooks = hasReports(env) ? new BotWebhooks(receiving) : null;
  const channels = new ChannelService({
    ...foundation,
    sender,
    pushKeys,
    isPublic: isPublic(env),
    hasReports: hasReports(env),
    tell: () => deliveries.tell(),
    async follow(configs) {
      if (botWebhooks !== null) await botWebhooks.follow(configs);
      else bots.wake();
    },
  });
  return {
    answers,
    deliveries,
    bots,
    botWebhooks,
    slack: new SlackPresses({ ...foundation, answers, calls: callsOf(env) }),
    channels,
  };
}
