import { as, shot, step, end } from "/tmp/tour.lib.ts";
const clara = await as("client");
for (const p of ["", "/customers","/projects","/calendar","/studio","/stores"]) { await clara.goto("/northwind-studio"+p); await clara.waitForTimeout(900); console.log("=====", p, (await clara.locator("main").innerText()).slice(0,500)); }
await shot(clara, "client-stores");
const rita = await as("reviewer"); await rita.goto("/northwind-studio"); await rita.waitForTimeout(500); console.log((await rita.locator("main").innerText()).slice(0,900));
await end();
