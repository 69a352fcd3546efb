import { Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { formatCountOf } from "../../lib/format.ts";
import { modelQuery } from "../../lib/queries.ts";
import classes from "../../ui/Browse.module.css";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { DownloadDocument } from "./DownloadDocument.tsx";

/** All domains, and what each is about. */
export function ModelStart() {
  const model = useQuery(modelQuery);
  return (
    <Loaded query={model}>
      {({ domains, migration }) => (
        <>
          <ul className={classes.cards} aria-label="All domains">
            {domains.map(({ name, title, description, tables }) => (
              <Paper withBorder p="md" component="li" key={name}>
                <AnchorLink to="/data-model/$domain" params={{ domain: name }} fw={600}>
                  {title}
                </AnchorLink>
                <Text size="sm">{description}</Text>
                <Text size="sm" c="dimmed">
                  {formatCountOf(tables.length, "table")}
                </Text>
              </Paper>
            ))}
          </ul>
          <Text size="sm" c="dimmed">
            As of migration {migration}. The command <code>tenon data-model</code> writes the same as a document.
          </Text>
          <DownloadDocument label="Download the document of everything" words="" />
        </>
      )}
    </Loaded>
  );
}
