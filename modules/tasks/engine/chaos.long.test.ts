import { test } from "node:test";
import { checkEnds, openChaos, plansOf, startOwnServer } from "./chaos.fixture.ts";

const COUNT = 20_000;
const BATCH = 1_000;
const WORKERS = 4;
const STEPS = 24;

test("20,000 tasks end once each while workers are killed and frozen, connections are cut, and PostgreSQL ends and comes back", async () => {
  const server = await startOwnServer();
  const chaos = await openChaos(server.login);
  const tenant = await chaos.tenant();
  await chaos.admin.query("update tasks.lines set running_max = 1000, burst_max = 1000");
  const plans = plansOf(COUNT);
  for (let at = 0; at < COUNT; at += BATCH) await chaos.ask(tenant, plans.slice(at, at + BATCH));
  for (let worker = 0; worker < WORKERS; worker++) chaos.start();

  const killOne = async () => {
    const [victim] = chaos.workers;
    if (victim) await chaos.kill(victim);
    chaos.start();
  };
  const freezeOne = async () => {
    const [, frozen] = chaos.workers;
    if (!frozen) return;
    frozen.kill("SIGSTOP");
    // Its tasks have gone to others, and what it tells afterwards is refused.
    await chaos.untilLost(frozen);
    frozen.kill("SIGCONT");
  };
  const faults = [
    killOne,
    freezeOne,
    chaos.cut,
    // As when it crashes, and as when it is told to stop.
    () => server.restart("SIGKILL"),
    () => chaos.schedule(tenant),
    () => server.restart("SIGINT"),
  ];
  for (let step = 1; step <= STEPS; step++) {
    await chaos.untilOver((COUNT * step) / (STEPS + 5));
    await faults[step % faults.length]?.();
  }
  await chaos.endSchedules();
  await chaos.untilOver(Number.POSITIVE_INFINITY);
  await checkEnds(chaos, tenant, plans);
});
