/**
 * Answers a page of rows, the newest first, as JSON. `rows` selects those that match, with their `id`; `limit` names how many a page has
 * (`$4`); `told` selects what is told of those `shown`, with their `id` too. One row more than asked for tells whether there are more.
 */
export function pageStatement(rows: string, limit: string, told = "table shown"): string {
  return `
    with page as (
      ${rows} order by id desc limit ${limit}::int + 1
    ), shown as (
      select * from page order by id desc limit ${limit}::int
    )
    select json_build_object(
      'items', coalesce((select json_agg(told order by told.id desc) from (${told}) told), '[]'),
      'next_cursor', case when (select count(*) from page) > ${limit}::int then (select id from shown order by id limit 1) end
    )::text`;
}
