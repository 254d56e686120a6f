/** What a server answered to a delivery. */
export interface WebhookResponse {
  status: number;
  text: string;
  /** Where the response says when to come back. */
  retryAfterSeconds?: number;
}
