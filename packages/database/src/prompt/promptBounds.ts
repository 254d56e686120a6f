/** How many of the newest rows of each list are read, and how many characters of each text. */
export const READ = {
  siblings: 20,
  subtasks: 30,
  unmetDependencies: 5,
  dependencies: 20,
  topics: 10,
  briefs: 15,
  /** Beside the newest briefs: those that were answered last, however old they are. */
  answeredBriefs: 15,
  comments: 20,
  messages: 20,
  relatedDocuments: 3,
  /** Among so many of its newest topics the result of another task is looked for. */
  resultTopics: 5,
  resultChars: 2_000,
  parentInstructionChars: 4_000,
  errorChars: 1_000,
  briefSummaryChars: 3_000,
  answerChars: 4_000,
  commentChars: 4_000,
  messageChars: 4_000,
  relatedDocumentChars: 2_000,
} as const;

/** Counting stops here, which bounds its cost for a long history. */
export const COUNTED_ROWS_MAX = 1_000;
