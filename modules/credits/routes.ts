import { memberRoute } from "../../kernel/http/route.ts";
import { addAccount, adjustCredits, readCredits, setLimits, transferCredits } from "./accounts.ts";
import * as contract from "./contract.ts";
import { listLedger } from "./ledger.ts";
import { readUsage } from "./usage.ts";

export const routes = [
  memberRoute(contract.readUsage, readUsage),
  memberRoute(contract.readCredits, (context) => readCredits(context)),
  memberRoute(contract.addAccount, addAccount),
  memberRoute(contract.listLedger, listLedger),
  memberRoute(contract.transferCredits, transferCredits),
  memberRoute(contract.adjustCredits, adjustCredits),
  memberRoute(contract.setLimits, setLimits),
];
