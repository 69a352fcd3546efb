import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { wooMoment, wooOrder } from "../../modules/commerce/fake-stores.fixture.ts";

// A store of bench/sync.bench.ts, in a process of its own: as many orders as it is told, one a second, of a tenth as many customers.

const PER_PAGE = 100;
const orders = Number(process.argv[2]);
const first = Date.parse(`${wooMoment(0)}Z`);

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://store");
  response.setHeader("content-type", "application/json");
  if (pathname.endsWith("/currencies/current")) return response.end('{"code":"EUR"}');
  const count = pathname.endsWith("/orders") ? orders : 0;
  const after = searchParams.get("modified_after");
  const from = after ? Math.max((Date.parse(`${after}Z`) - first) / 1_000 + 1, 1) : 1;
  const ids = Array.from({ length: Math.min(PER_PAGE, Math.max(count - from + 1, 0)) }, (_, place) => from + place);
  response.setHeader("x-wp-total", String(Math.max(count - from + 1, 0)));
  return response.end(JSON.stringify(ids.map((id) => wooOrder(id, 1 + (id % Math.ceil(orders / 10))))));
});
server.listen(0, "127.0.0.1", () =>
  process.send?.({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on("disconnect", () => process.exit());
