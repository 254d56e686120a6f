/** What the server itself ends, so that nothing holds its connection or its locks permanently. */
export const SERVER_TIMEOUTS = { statement_timeout: '15s', idle_in_transaction_session_timeout: '30s' };
