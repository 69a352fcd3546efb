const SHORT: [RegExp, string][] = [
  [/^timestamp(\(\d\))? with time zone/, "timestamptz$1"],
  [/^timestamp(\(\d\))? without time zone/, "timestamp$1"],
  [/^time(\(\d\))? with time zone/, "timetz$1"],
  [/^time(\(\d\))? without time zone/, "time$1"],
  [/^character varying/, "varchar"],
  [/^character/, "char"],
  [/^double precision/, "float8"],
  [/^bit varying/, "varbit"],
];

/** PostgreSQL's own short names of types. */
export function shortType(type: string): string {
  const known = SHORT.find(([pattern]) => pattern.test(type));
  return known ? type.replace(known[0], known[1]) : plainId(type);
}

/** `public."Select"` reads better as `public.Select`. */
export function plainId(id: string): string {
  return id.replace(/"((?:[^"]|"")*)"/g, (_, name: string) => name.replaceAll('""', '"'));
}
