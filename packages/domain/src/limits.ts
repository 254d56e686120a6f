/** Every bound of the system in one place; units last in the names. */
export const LIMITS = {
  /** Three consecutive automation failures blow the fuse (PROTOCOL §4). */
  fuseFailures: 3,

  nameCharsMax: 200,
  instructionCharsMax: 50_000,
  promptCharsMax: 20_000,
  commentCharsMax: 10_000,
  configBytesMax: 20_000,

  heartbeatSecondsMin: 10,
  heartbeatSecondsMax: 366 * 24 * 3600,
  leaseSecondsMin: 1,
  leaseSecondsMax: 24 * 3600,
  leaseSecondsDefault: 120,
  agentTimeoutSecondsDefault: 600,
  agentTimeoutSecondsMax: 2 * 3600,
  maxTopicsMax: 1_000_000,

  /** A tick may start this long before its due time: clocks of hosts differ and timers fire up to 2 ms early. */
  earlyToleranceMs: 1_000,

  pageSizeDefault: 30,
  pageSizeMax: 100,
  searchCharsMax: 200,
  /** How far the counts of a whole installation go. */
  countedTasksMax: 10_000,

  /** What one run of an agent may leave behind. */
  contentCharsMax: 200_000,
  handoffCharsMax: 4_000,
  errorMessageCharsMax: 4_000,
  briefsPerRunMax: 20,
  briefTitleCharsMax: 200,
  briefSummaryCharsMax: 20_000,
  commentsPerRunMax: 10,
  subtasksPerRunMax: 20,
  memoryBytesMax: 1_000_000,

  webhookBodyBytesMax: 1_000_000,
  trpcBodyBytesMax: 1_000_000,

  watchdogBatchRows: 200,
  watchdogBatchesMax: 20,

  ancestorsDepthMax: 20,
  dependenciesPerTaskMax: 100,
} as const;
