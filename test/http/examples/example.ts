/** What is sent along with a good request. */
export type Example = { body?: object; text?: string; query?: Record<string, string> };

/** Examples by the endpoint's name. */
export type Examples = Record<string, Example>;
