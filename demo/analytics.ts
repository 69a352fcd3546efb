import type { Order } from "./orders.ts";
import type { Row, Scene, Task } from "./scene.ts";

const DAYS = 45;
const VISITS_A_DAY = 8;
const PAGES = ["Home", "Journal", "Lamps", "Furniture", "Contact"] as const;

/** Makes what happened: visits of the store, purchases with what they brought, tasks that were done. The days add up by trigger. */
export async function makeEvents(
  scene: Scene,
  { products, orders, tasks }: { products: string[]; orders: Order[]; tasks: Task[] },
): Promise<void> {
  const days = Array.from({ length: DAYS }, (_, index) => index - DAYS + 1);
  const visits = days.flatMap((day) =>
    Array.from({ length: scene.chance.whole(3, VISITS_A_DAY) }, (_, index) =>
      visitOf(scene, products, day, index),
    ).flat(),
  );
  const purchases = orders
    .filter(({ status, order_date }) => status !== "cancelled" && order_date >= scene.clock.on(1 - DAYS, 0))
    .map(({ id, customer_id, product_id, total_amount, currency, order_date }) =>
      eventOf(scene, order_date, "purchase", "Order placed", {
        customer_id,
        product_id,
        order_id: id,
        source: "webhook",
        revenue: total_amount,
        currency,
      }),
    );
  const done = tasks
    .filter(({ status, created_at }) => status === "completed" && created_at >= scene.clock.on(1 - DAYS, 0))
    .map((task) =>
      eventOf(scene, task.created_at, "task_completed", task.type, {
        task_id: task.id,
        user_id: scene.people.member,
        source: "api",
      }),
    );
  await scene.insert("analytics.events", [...visits, ...purchases, ...done]);
}

function visitOf(scene: Scene, products: string[], day: number, index: number): Row[] {
  const { chance, clock, people } = scene;
  const at = clock.past(day, 0.1 + index * 0.09);
  const visit = { session_id: `visit-${clock.day(day)}-${index}`, source: "dashboard" };
  const views = Array.from({ length: chance.whole(1, 3) }, () =>
    eventOf(scene, at, "page_view", chance.pick(PAGES), visit),
  );
  const product_id = chance.pick(products);
  const looked = chance.happens(0.6)
    ? [eventOf(scene, at, "product_view", "Product", { ...visit, product_id, properties: { from: "search" } })]
    : [];
  const signedIn =
    index === 0 ? [eventOf(scene, at, "sign_in", "Signed in", { user_id: people.member, source: "dashboard" })] : [];
  return [...views, ...looked, ...signedIn];
}

function eventOf({ id, clock }: Scene, at: Date, event_type: string, event_name: string, more: Row): Row {
  const occurred_at = at > clock.now ? clock.now : at;
  return {
    id: id(occurred_at),
    created_at: occurred_at,
    occurred_at,
    event_type,
    event_name,
    user_id: more.user_id,
    session_id: more.session_id,
    source: more.source,
    properties: more.properties ?? {},
    revenue: more.revenue,
    currency: more.currency,
    product_id: more.product_id,
    customer_id: more.customer_id,
    order_id: more.order_id,
    task_id: more.task_id,
  };
}
