import { anyoneRoute, memberRoute } from "../../kernel/http/route.ts";
import { bookAppointment, rescheduleAppointment, setAppointmentStatus } from "./booking.ts";
import * as contract from "./contract.ts";
import { makeFeed, readFeed, readFeedState, removeFeed } from "./feeds.ts";

export const routes = [
  memberRoute(contract.bookAppointment, bookAppointment),
  memberRoute(contract.rescheduleAppointment, rescheduleAppointment),
  memberRoute(contract.setAppointmentStatus, setAppointmentStatus),
  memberRoute(contract.readFeedState, (context) => readFeedState(context)),
  memberRoute(contract.makeFeed, (context) => makeFeed(context)),
  memberRoute(contract.removeFeed, (context) => removeFeed(context)),
  anyoneRoute(contract.readFeed, (call, { params }) => readFeed(call, params)),
];
