/** The bounds of the system. Units come last in the names. */
export const LIMITS = {
  /** Three consecutive automation failures blow the fuse (PROTOCOL §4). */
  fuseFailures: 3,
  /** From this many lost runs in a row on, each counts for the fuse: the task ends its server. */
  lostRunsMax: 5,
  /** The waits before a run is tried again grow from the first to the longest. */
  retryFirstSeconds: 30,
  retryWaitSecondsMax: 3_600,
  /** A far side that asks for a longer wait is asked again after this time. */
  retryAfterSecondsMax: 24 * 3_600,
  /** How long a run of a task without automation is tried again. */
  oneOffRetrySecondsMax: 24 * 3_600,
  /** An outage is told after so many failures in a row, so long after the first; later it is urgent. */
  outageFailures: 3,
  outageSeconds: 600,
  outageUrgentSeconds: 24 * 3_600,
  attemptMax: 1_000_000,

  /** The longest wait for a budget: until the month after this one begins, whatever the zone. */
  budgetWaitSecondsMax: 32 * 24 * 3_600,
  /** How long an agent is tried without a task. */
  trialSecondsMax: 60,
  /** What one run of an agent can report that it has cost. */
  spendMicrosMax: 1_000_000_000_000,
  spendTokensMax: 1_000_000_000_000,

  nameCharsMax: 200,
  /** The length of a name that is made from an instruction. */
  madeNameCharsMax: 80,
  instructionCharsMax: 50_000,
  promptCharsMax: 20_000,
  commentCharsMax: 10_000,
  pausedReasonCharsMax: 500,
  configBytesMax: 20_000,

  /** How many prices of models a user may set in place of the listed ones. */
  ownPricesMax: 200,
  mcpServersMax: 20,
  mcpServerNameCharsMax: 30,
  /**
   * What a watch may send with its requests beside their own headers. Servers refuse more than 8 to 16 kB.
   */
  watchHeadersMax: 30,
  watchCookiesMax: 50,
  watchCookieCharsMax: 4_096,
  watchRequestCharsMax: 16_000,
  userAgentCharsMax: 500,
  headerNameCharsMax: 200,
  headerCharsMax: 8_000,

  heartbeatSecondsMin: 10,
  heartbeatSecondsMax: 366 * 24 * 3600,
  leaseSecondsMin: 1,
  leaseSecondsMax: 24 * 3600,
  leaseSecondsDefault: 120,
  agentTimeoutSecondsDefault: 600,
  agentTimeoutSecondsMax: 2 * 3600,
  maxTopicsMax: 1_000_000,

  /** How early a tick may start: clocks of hosts differ, and Node's timers fire up to 2 ms early. */
  earlyToleranceMs: 1_000,

  pageSizeDefault: 30,
  pageSizeMax: 100,
  searchCharsMax: 200,
  /** Counts over a whole installation stop here. */
  countedTasksMax: 10_000,

  /** What one run of an agent may store. */
  contentCharsMax: 200_000,
  handoffCharsMax: 4_000,
  errorMessageCharsMax: 4_000,
  errorCodeCharsMax: 100,
  briefsPerRunMax: 20,
  briefTitleCharsMax: 200,
  briefSummaryCharsMax: 20_000,
  actionsPerBriefMax: 8,
  briefActionKeyCharsMax: 40,
  briefActionLabelCharsMax: 80,
  briefActionUrlCharsMax: 2_000,
  briefKeyCharsMax: 200,
  commentsPerRunMax: 10,
  subtasksPerRunMax: 20,
  /** An agent creates no more while so many subtasks of its task are open. */
  openSubtasksMax: 20,
  memoryBytesMax: 1_000_000,

  /** How often an agent is checked whose tasks run, and how soon again while what it needs is only away. */
  agentCheckSeconds: 24 * 3_600,
  agentRecheckSeconds: 3_600,
  /** What is away for so long is told. */
  agentAwaySeconds: 2_700,
  /** How long a check may take in the background, and how long a person waits for one. */
  agentCheckMs: 15_000,
  agentCheckWaitMs: 5_000,
  /** What a server of tools has said so recently will do for a check of an agent that uses it. */
  agentCheckedSeconds: 600,
  /** How many agents one pass of the watchdog checks. */
  agentChecksPerSweep: 10,
  /** The feed of briefs, and the calendar: its tasks, how far ahead it looks, and the times of one task. */
  feedBriefsMax: 50,
  calendarTasksMax: 500,
  calendarDays: 14,
  calendarTimesMax: 30,
  /** How long the service that watches over the watchdog is waited for. */
  healthcheckMs: 5_000,
  /** How many are named of the tasks that are not started together, because their agent cannot run. */
  notReadyTasksNamedMax: 20,

  /** How far the inbox counts: more is shown as this and more. */
  inboxCountMax: 1_000,
  /** The ids that a row of the inbox names. */
  inboxRowBriefsMax: 50,
  excerptCharsMax: 200,
  /** The newest briefs and tasks that a search finds. */
  inboxMatchesMax: 1_000,
  /** How many briefs one act changes, and how long it can be taken back. */
  inboxActBriefsMax: 2_000,
  snoozeDaysMax: 366,
  undoKeptSeconds: 600,
  /** A task that an answer wakes runs so long after it, so that the answer can be taken back. */
  undoSeconds: 10,

  channelsPerUserMax: 20,
  /** Between two messages about one task, unless it needs the person. */
  coolDownMinutesDefault: 10,
  coolDownMinutesMax: 24 * 60,
  /** What one channel is sent within an hour; more is told together. */
  messagesPerHourMax: 20,
  /**
   * How long sending one message may take, how soon its process counts as gone, and how long it is tried
   * again.
   */
  deliverySendSeconds: 30,
  deliveryLostSeconds: 300,
  deliveryRetrySecondsMax: 24 * 3_600,
  /** How soon a delivery is looked at again that waits for another. */
  deliveryLookSeconds: 60,
  /** How many deliveries of a channel one look decides about, and how many messages one pass sends to it. */
  deliveriesPerLookMax: 500,
  messagesPerPassMax: 25,
  /** How long one pass sends. */
  deliveryPassSeconds: 25,
  /** The length of the summary of a brief, as a message tells it. */
  toldSummaryCharsMax: 4_000,
  /** How many channels are sent to at the same time. */
  channelsAtOnceMax: 8,
  /**
   * A channel that has taken nothing for so long is told of: a day, less the longest wait, because a message
   * is tried for the last time within the hour before it is given up.
   */
  channelFailingSeconds: 23 * 3_600,
  /** How long a link in a message answers a brief, and how many links one message has. */
  answerLinkDays: 7,
  answerLinksPerMessageMax: 6,
  /** How long a server has a bot to itself, whose messages it asks for; each cycle renews it. */
  botLeaseSeconds: 120,
  /** How long one call waits for what is sent to a bot. */
  botWaitSeconds: 50,
  /** How often it is looked which bots there are. */
  botLookSeconds: 30,
  /** A bot that has answered within so long hears of buttons that are pressed. */
  botHeardSeconds: 240,
  /** How often an update is tried whose rows other sessions hold; with growing waits, for minutes. */
  botUpdateTriesMax: 10,
  /**
   * How often it is looked where Telegram reports what is sent to a bot, sooner when something is wrong, how
   * many bots one pass looks at, and for how long after a failed report the bot counts as not heard.
   */
  webhookCheckSeconds: 15 * 60,
  webhookRetrySeconds: 120,
  webhooksPerPassMax: 20,
  webhookFaultSeconds: 3_600,
  /**
   * The row of a bot that no server has looked after for so long is removed: Telegram keeps updates for a
   * day.
   */
  forgottenBotSeconds: 2 * 86_400,
  receivingChannelsMax: 500,
  /** How many ids of handled updates are remembered of a bot. */
  handledUpdatesKept: 100,
  /** How many messages one pass takes the options away from. */
  closedPerPassMax: 20,
  /** How long it is kept what was sent. */
  keptDeliveriesDays: 90,

  /** How soon, and how late, a question may be answered by its default, or be asked again. */
  expirySecondsMin: 60,
  expirySecondsMax: 30 * 24 * 3_600,
  /** An urgent question that nobody has answered for so long is asked again. */
  escalationSeconds: 4 * 3_600,
  /** What is left to answer a question anew whose answer was taken back. */
  reopenedSecondsMin: 600,

  /** How long a call of a tool waits for a person's approval. */
  approvalDays: 7,
  /** A question of a model: what the person may choose, and how long they may take. */
  askedOptionsMax: 7,
  askedHoursMax: 7 * 24,
  /** How often one run may call its model. */
  modelCallsPerRunMax: 100,
  /** A tool that has not answered after this time has failed, whatever it does. */
  toolCallSecondsMax: 300,
  /** How many calls of tools one answer of a model may have; further ones are left out. */
  toolCallsPerAnswerMax: 32,
  toolNameCharsMax: 128,
  /** The length of the result of a tool, as the model reads it. */
  toolResultCharsMax: 50_000,
  /** What one step may store as its input or its result. */
  stepBytesMax: 1_000_000,
  /** When the results of tools in one conversation are longer, the older ones are shortened. */
  conversationResultCharsMax: 200_000,

  /** How often work is handed in before the person is asked, and the most that may be set. */
  reviewIterationsDefault: 3,
  reviewIterationsMax: 10,
  requirementCharsMax: 8_000,
  reviewReasonsMax: 20,
  reviewReasonCharsMax: 2_000,

  documentsPerTaskMax: 50,
  documentNameCharsMax: 80,
  documentBytesMax: 200_000,
  /** The newest versions of a document that are kept. */
  documentVersionsMax: 50,
  documentsPerRunMax: 20,
  /** The newest pictures of a watched page that are kept. */
  picturesPerTaskMax: 20,
  /** As much of the document Memory as the prompt of a run shows. */
  memoryDocumentCharsMax: 8_000,

  /**
   * The body of every request to `/api`, and so also of a message that is published to one of the webhooks.
   */
  requestBodyBytesMax: 1_000_000,

  /**
   * A file of watches, as it is uploaded and unpacked; how many it may hold, and how many one import creates.
   */
  importBytesMax: 30_000_000,
  importUnpackedBytesMax: 30_000_000,
  importFileWatchesMax: 3_000,
  importedAtOnceMax: 200,
  /** The first runs of what was imported begin so long after each other. */
  importStaggerSeconds: 2,

  /** Filters of the list of tasks that one person has given a name. */
  savedFiltersMax: 30,
  savedFilterNameCharsMax: 60,
  savedFilterQueryCharsMax: 1_000,

  watchdogBatchRows: 200,
  watchdogBatchesMax: 20,
  /**
   * How long a row is left alone that a sweep could not repair, at first and at most, and how many are
   * remembered.
   */
  failedRepairWaitSeconds: 30,
  failedRepairWaitSecondsMax: 600,
  failedRepairsMax: 5_000,

  /** The newest runs of a task that are kept whole; of older ones, the last of each day is kept. */
  keptRunsDefault: 200,
  keptRunsMin: 20,
  keptRunsMax: 10_000,
  /** A history is thinned when it has grown by so many runs. */
  thinnedRunsMin: 50,
  /** How long the ledger and the history of changes are kept. */
  keptHistoryDays: 366,
  /** The days, today included, of which the System page tells how their runs ended. */
  recentDays: 30,
  /**
   * The newest runs that are kept of which it is told, beside those that were counted when they were removed.
   */
  keptRunsCountedMax: 50_000,
  /** How many changed settings the history keeps of an edit, and how much of each value. */
  changedFieldsMax: 30,
  changeCharsMax: 600,
  /**
   * What one pass of the watchdog removes at most: of the rows of deleted tasks, of past runs and of old
   * history, so many statements each, of so many rows.
   */
  removalStatementsMax: 60,
  removedRowsPerStatement: 1_000,
  /** How many past runs it looks at in one statement. */
  pastRunsPerStatement: 200,
  /** In how many statements it looks at past runs, most of which stay. */
  pastRunLooksMax: 300,
  /** How many folders of tasks it looks at. */
  foldersPerSweepMax: 500,

  /** How many tasks, models and agents a list of what was spent names. */
  spendRowsMax: 20,
  /** The newest calls of models from which it is made. */
  spendCallsMax: 20_000,
  spendDaysMax: 366,
  /** The tasks of which a forecast for everything is made: those that have spent most. */
  forecastTasksMax: 200,

  /** A task at which nobody looks is slowed down by one step more after so many days. */
  absenceStepDays: 3,
  /** A look is recorded once in so many seconds. */
  lookSeconds: 3_600,

  ancestorsDepthMax: 20,
  dependenciesPerTaskMax: 100,
} as const;
