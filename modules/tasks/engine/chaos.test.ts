import { test } from "node:test";
import { checkEnds, openChaos, plansOf } from "./chaos.fixture.ts";

const COUNT = 200;

test("while a worker is killed and connections are cut, every task ends once, and as it should", async () => {
  const chaos = await openChaos();
  const tenant = await chaos.tenant();
  const plans = plansOf(COUNT);
  await chaos.ask(tenant, plans);
  await chaos.schedule(tenant);
  const [first] = [chaos.start(), chaos.start()];
  await chaos.untilOver(COUNT / 4);
  await chaos.kill(first);
  chaos.start();
  await chaos.untilOver(COUNT / 2);
  await chaos.cut();
  await chaos.endSchedules();
  await chaos.untilOver(Number.POSITIVE_INFINITY);
  await checkEnds(chaos, tenant, plans);
});
