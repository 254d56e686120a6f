/** How a server of the Model Context Protocol is reached. */
export type McpServer =
  | {
      transport: 'http';
      name: string;
      url: string;
      /** Sent with every request; secrets among them. */
      headers: Readonly<Record<string, string>>;
    }
  | {
      transport: 'stdio';
      name: string;
      /** The program and its arguments, as the operator allows it. */
      command: readonly [string, ...string[]];
      /** Where it runs; it is made if it is not there. */
      folder: string;
    };
