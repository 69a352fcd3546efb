/** What is sent along with a good request; a body that names things gets the ids of what there is. */
export type Example = {
  body?: object | ((ids: Record<string, string>) => object);
  text?: string;
  query?: Record<string, string>;
};

/** Examples by the endpoint's name. */
export type Examples = Record<string, Example>;
