// pg's own conversion of parameters, which its type declarations leave out.
declare module "pg/lib/utils.js" {
  export function prepareValue(value: unknown): string | Buffer | null;
}
