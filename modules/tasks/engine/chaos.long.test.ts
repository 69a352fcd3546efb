import { test } from "node:test";
import { checkEnds, openChaos, plansOf } from "./chaos.fixture.ts";

const COUNT = 20_000;
const BATCH = 1_000;
const WORKERS = 4;

test("20,000 tasks end once each while workers are killed and frozen, and connections are cut", async () => {
  const chaos = await openChaos();
  const tenant = await chaos.tenant();
  await chaos.admin.query("update tasks.lines set running_max = 1000, burst_max = 1000");
  const plans = plansOf(COUNT);
  for (let at = 0; at < COUNT; at += BATCH) await chaos.ask(tenant, plans.slice(at, at + BATCH));
  for (let worker = 0; worker < WORKERS; worker++) chaos.start();
  for (let step = 1; step <= 20; step++) {
    await chaos.untilOver((COUNT * step) / 25);
    const [victim, frozen] = [...chaos.workers];
    if (victim && step % 3 === 0) {
      await chaos.kill(victim);
      chaos.start();
    } else if (frozen && step % 3 === 1) {
      frozen.kill("SIGSTOP");
      // Its tasks have gone to others, and what it tells afterwards is refused.
      await chaos.untilLost(frozen);
      frozen.kill("SIGCONT");
    } else await chaos.cut();
  }
  await chaos.untilOver(Number.POSITIVE_INFINITY);
  await checkEnds(chaos, tenant, plans);
});
