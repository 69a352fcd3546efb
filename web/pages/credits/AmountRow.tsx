import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Credits.module.css";

type Props = { title: ReactNode; about: ReactNode; amount: ReactNode; aboutAmount?: ReactNode };

/** One of a list of amounts: what it is and more about it, how much and more about that. */
export function AmountRow({ title, about, amount, aboutAmount }: Props) {
  return (
    <li className={classes.row}>
      <div>
        <Text fw={600} dir="auto">
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      </div>
      <div className={classes.amount}>
        <Text fw={600}>{amount}</Text>
        {aboutAmount && (
          <Text size="sm" c="dimmed">
            {aboutAmount}
          </Text>
        )}
      </div>
    </li>
  );
}
